"""The pages of people, cases and records: one look-up by right, one call, one page."""
