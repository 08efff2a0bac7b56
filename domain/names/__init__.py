"""Names of pieces, tasks and policies: which spellings are one name."""
