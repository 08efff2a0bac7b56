"""Fit and refresh what ships with the ranking by meaning."""
