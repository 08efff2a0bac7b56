"""What exports read from the database."""
