"""A server's own FAQ entries, its queue of open questions and its usage in SQL."""
