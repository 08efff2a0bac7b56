"""The FAQ: its entries, a server's own ones, and matching a question to them."""
