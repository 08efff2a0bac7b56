"""Writing and checking export files."""
