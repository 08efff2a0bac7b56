"""The rules: frozen dataclasses and pure functions over the standard library alone."""
