"""What follows from a case, for every page that shows it."""
