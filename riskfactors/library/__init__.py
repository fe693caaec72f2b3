"""The evidence library: what was published, to be searched, compared and read."""
