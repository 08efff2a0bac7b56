"""Names of pieces, tasks and policies: which spellings are one name, and which only look like one."""
