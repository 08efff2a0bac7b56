"""Claims about speed, each measured against a floor in the same run: `python -m benchmarks`."""
