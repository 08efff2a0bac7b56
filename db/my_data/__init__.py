"""What the tables hold about one person, and how it is erased."""
