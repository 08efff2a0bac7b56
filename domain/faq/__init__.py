"""The FAQ: what it knows, how it matches a question, and the entries of a server."""
