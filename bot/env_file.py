"""The file `.env`: a setting a line, or words for what cannot be read."""

import io
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from bot.config import ConfigError


def read(path: Path) -> dict[str, str | None]:
    """What the file sets; nothing if there is no such file.

    Raises:
        ConfigError: the file or a line of it cannot be read. No line is repeated: it may hold the token.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise ConfigError([f"{path} is not UTF-8 text. Save it anew with that encoding."]) from error
    except OSError as error:
        raise ConfigError([f"{path} cannot be read ({error.strerror}). Let this user read it."]) from error
    broken = [binding.original.line for binding in parse_stream(io.StringIO(text)) if _is_broken(binding)]
    if broken:
        raise ConfigError(
            [f"Line {line} of {path} cannot be read. Write NAME=value, quotes closed." for line in broken]
        )
    return dict(dotenv_values(stream=io.StringIO(text)))


def _is_broken(binding: Binding) -> bool:
    return binding.error or (binding.key is not None and binding.value is None)
