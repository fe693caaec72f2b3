"""Migrations of people and records."""
