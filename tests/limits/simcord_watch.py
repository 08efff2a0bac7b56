"""The same check under simcord, where no body reaches a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .checker import check


@contextmanager
def watch_simcord(violations: list[str]) -> Iterator[None]:
    """Check every body that a bot under simcord sends while this context is open.

    simcord's HTTP client and its webhook adapter both end in ``simcord.http.router.dispatch``, so that one
    function is wrapped. A refused body still reaches simcord; assert that the list stayed empty.

    Args:
        violations: gets one sentence for each violation, beginning with method and path.
    """
    from simcord.http import router  # the sandbox extra; the loopback tests do without it

    original = router.dispatch

    def dispatch(backend: Any, method: str, path: str, **request: Any) -> Any:
        files = [(file.filename, _size(file.fp)) for file in request.get("files") or []]
        found = check(method, path, request.get("json"), files=files)
        violations.extend(f"{method} {path}: {words}" for words in found)
        return original(backend, method, path, **request)

    router.dispatch = dispatch
    try:
        yield
    finally:
        router.dispatch = original


def _size(stream: Any) -> int:
    """Return the bytes from the current position to the end, without moving it."""
    start: int = stream.tell()
    end: int = stream.seek(0, 2)
    stream.seek(start)
    return end - start
