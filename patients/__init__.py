"""What people typed and decided: accounts now; patients, cases and records later."""
