"""The exception that every rule raises when it refuses something."""


class DomainError(Exception):
    """A rule refused what somebody asked for.

    Args:
        key: Names the sentence a person is shown, such as ``signoffs.not_a_signer``.
        **params: The values that sentence needs; plain strings, ints, or None.
    """

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params

    def __str__(self) -> str:
        """Return the key and its values, for logs and tests."""
        details = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.key} ({details})" if details else self.key
