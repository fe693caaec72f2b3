"""A case of another centre is opened in an emergency."""
