"""What follows from a case and the published evidence: pure values and functions."""
