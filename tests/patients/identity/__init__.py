"""Registering and correcting an identity."""
