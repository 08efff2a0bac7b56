"""Discord's error answers: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json."""

from typing import Any


class RestError(Exception):
    """A refusal, raised by a handler and sent as Discord would send it."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message

    def payload(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {"message": self.message, "code": self.code}


def unauthorized() -> RestError:
    """The token is not the bot's."""
    return RestError(401, 0, "401: Unauthorized")


def unknown_channel() -> RestError:
    """No such channel, or none that the bot can see."""
    return RestError(404, 10003, "Unknown Channel")


def unknown_guild() -> RestError:
    """No such server."""
    return RestError(404, 10004, "Unknown Guild")


def unknown_message() -> RestError:
    """No such message, a deleted one, or one that is not for the bot's eyes."""
    return RestError(404, 10008, "Unknown Message")


def unknown_member() -> RestError:
    """Nobody with that id in the server."""
    return RestError(404, 10007, "Unknown Member")


def unknown_user() -> RestError:
    """No such person."""
    return RestError(404, 10013, "Unknown User")


def unknown_webhook() -> RestError:
    """A followup before the first answer, or to a token that never was."""
    return RestError(404, 10015, "Unknown Webhook")


def unknown_interaction() -> RestError:
    """The first answer came later than 3 s, or the token never was."""
    return RestError(404, 10062, "Unknown interaction")


def unknown_command() -> RestError:
    """No such application command."""
    return RestError(404, 10063, "Unknown application command")


def already_acknowledged() -> RestError:
    """A second first answer."""
    return RestError(400, 40060, "Interaction has already been acknowledged.")


def expired_token() -> RestError:
    """An interaction token lives for 15 minutes."""
    return RestError(401, 50027, "Invalid Webhook Token")


def invalid_form(violations: list[str]) -> RestError:
    """A body that keeps no limits."""
    return RestError(400, 50035, f"Invalid Form Body: {'; '.join(violations)}")
