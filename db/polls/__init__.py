"""Polls and their outcomes in SQL."""
