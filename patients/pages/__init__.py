"""What the pages of cases show: ready strings for flat templates."""
