"""What is recorded: one way in, one way out, sealed, never edited."""
