"""Case documents in and out."""
