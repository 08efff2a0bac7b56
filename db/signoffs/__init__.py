"""Sign-offs, their policies and their due times in SQL."""
