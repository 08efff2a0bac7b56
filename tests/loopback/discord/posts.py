"""Making and editing messages from the bodies that the bot sends."""

import time
from collections.abc import Callable

from .wire import Upload
from .world import EPHEMERAL, Attachment, Channel, Json, Message


class Posts:
    """The bot's hand on messages; keeps every uploaded file so that its address can be read."""

    def __init__(self, new_id: Callable[[], int]) -> None:
        self._new_id = new_id
        self.cdn = ""
        self.stored: dict[str, bytes] = {}

    def store(self, filename: str, data: bytes) -> Attachment:
        """Keep a file and give it an address."""
        number = self._new_id()
        key = f"{number}/{filename}"
        self.stored[key] = data
        return Attachment(number, filename, data, f"{self.cdn}/{key}")

    def create(self, channel: Channel, author: Json, body: Json, files: list[Upload]) -> Message:
        """A new message; the caller decides where it is seen."""
        message = Message(self._new_id(), channel, author, flags=body.get("flags") or 0)
        self._write(message, body, files)
        return message

    def edit(self, message: Message, body: Json, files: list[Upload]) -> None:
        """Change the parts that the body names, as Discord does; the rest stays."""
        self._write(message, body, files)
        if body.get("flags") is not None:
            kept = message.flags & EPHEMERAL
            message.flags = body["flags"] | kept
        message.edited_at.append(time.monotonic())

    def _write(self, message: Message, body: Json, files: list[Upload]) -> None:
        if "content" in body:
            message.content = body["content"] or ""
        if "embeds" in body:
            message.embeds = body["embeds"] or []
        if "components" in body:
            message.components = body["components"] or []
        if "attachments" in body:
            keep = {str(one["id"]) for one in body["attachments"] or []}
            message.files = [file for file in message.files if str(file.id) in keep]
        message.files = message.files + [self.store(name, data) for name, data in files]
