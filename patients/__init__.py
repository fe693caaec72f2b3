"""What people typed and decided: accounts and rights, patients, cases and their records."""
