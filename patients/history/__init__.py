"""What happened to a case, and who looked."""
