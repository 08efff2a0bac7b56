"""The process: client, configuration, errors, words, command line."""
