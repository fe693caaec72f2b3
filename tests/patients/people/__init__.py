"""Roles, accounts and passwords."""
