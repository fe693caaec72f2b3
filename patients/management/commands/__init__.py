"""The commands of people and records."""
