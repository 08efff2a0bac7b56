"""Comparing texts: by words, and deciding when a match is good enough."""
