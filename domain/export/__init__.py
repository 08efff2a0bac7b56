"""Exports: filters, tables and columns."""
