"""The process: starting, stopping, logs, health, backups."""
