"""Saving, the chain, triggers, snapshots and races."""
