"""The timeline, and forest plots."""
