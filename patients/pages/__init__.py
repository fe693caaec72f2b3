"""What the pages of people, cases and records show: ready strings for flat templates."""
