"""Entering and correcting visits, treatments and events."""
