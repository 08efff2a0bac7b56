"""What an export holds: filters, tables and columns."""
