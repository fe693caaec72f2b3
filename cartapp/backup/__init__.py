"""Copies the whole database into one file while people work, and back into an empty one."""
