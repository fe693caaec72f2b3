"""The invented people and cases of the demonstration."""
