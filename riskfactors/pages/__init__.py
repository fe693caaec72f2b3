"""What the pages of the evidence library show: ready strings for flat templates."""
