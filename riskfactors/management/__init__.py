"""Management commands on published evidence."""
