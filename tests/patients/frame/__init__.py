"""What every page of a case shares."""
