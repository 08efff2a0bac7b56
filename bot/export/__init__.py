"""Writing and checking files of exports."""
