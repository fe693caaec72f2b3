"""What people do, by noun: each action asks for the right, and writes in one transaction."""
