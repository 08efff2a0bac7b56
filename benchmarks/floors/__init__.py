"""What cases are measured beside."""
