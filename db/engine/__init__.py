"""What opens, writes, reads and migrates the database file."""
