"""Entering and correcting."""
