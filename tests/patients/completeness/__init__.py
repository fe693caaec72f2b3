"""The grid of completeness."""
