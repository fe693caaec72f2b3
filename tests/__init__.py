"""The tests of the whole site."""
