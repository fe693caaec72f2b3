"""What people type about people, cases and records, read into domain values."""
