"""Registering a patient and correcting who one is."""
