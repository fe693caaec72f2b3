"""What every page of a case shares: who may, who it is, what is wrong, a statement in words."""
