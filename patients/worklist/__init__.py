"""The cases of a centre in lines."""
