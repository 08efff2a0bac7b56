"""Polls: the rule, who may do what, and what comes after the close."""
