"""The history of a case."""
