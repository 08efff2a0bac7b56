"""Custom ids, said once: a class gives the text with its fields in braces, and the type of each field.

    class VoteButton(PersistentButton, custom_id="poll:{poll_id}:vote:{choice}"):
        poll_id: Annotated[int, digits(9)]
        choice: Choice

From that come the constructor, the pattern by which a press finds its class, and the custom_id of an instance. An enum
matches its values; numbers and texts say with `Annotated` what they match. Fields that the custom_id does
not hold (a label, what a form is filled in with) have defaults and are given by name.
"""

import re
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from enum import Enum
from string import Formatter
from typing import Annotated, Any, ClassVar, Self, dataclass_transform, get_args

NOTHING = re.compile("(?!)")
"""The pattern of a class that only lends its fields to others."""

_PLAIN = re.compile("[A-Za-z:-]*")


@dataclass(frozen=True, slots=True)
class Matching:
    """What the text of a field matches."""

    regex: str


def digits(most: int) -> Matching:
    """Match a number."""
    return Matching(f"[0-9]{{1,{most}}}")


def slug(most: int) -> Matching:
    """Match small letters, digits and hyphens."""
    return Matching(f"[a-z0-9-]{{1,{most}}}")


def one_of(*texts: str) -> Matching:
    """Match one of these texts."""
    return Matching("|".join(map(_plain, texts)))


EntryNumber = Annotated[int, digits(15)]
"""The number of an entry in a server's log, which is also the number of the sign-off that it opens."""


@dataclass_transform(eq_default=False, field_specifiers=(field,))
class HasCustomId:
    """What the classes of buttons, menus and forms have in common.

    Attributes:
        id_format: the custom_id with the names of its fields in braces; "" for a class that is only a base.
        pattern: what the custom_ids of this class match, with a named group for each field.
    """

    id_format: ClassVar[str] = ""
    pattern: ClassVar[re.Pattern[str]] = NOTHING
    _readers: ClassVar[dict[str, Callable[[str], Any]]]

    @classmethod
    def _define(cls, id_format: str) -> None:
        """Make the class a dataclass, and build its pattern from the format and the fields."""
        kind: Any = dataclass(eq=False, repr=False)(cls)
        types = {one.name: one.type for one in fields(kind)}
        names = [name for _, name, _, _ in Formatter().parse(id_format) if name]
        lost = [one.name for one in fields(kind) if one.name not in names and one.default is MISSING]
        if id_format and lost:
            raise TypeError(f"{cls.__name__} could not be built from its custom_id: no default for {', '.join(lost)}")
        cls.id_format = id_format
        cls._readers = {name: _reader(types[name]) for name in names}
        groups = ((_plain(text), name) for text, name, _, _ in Formatter().parse(id_format))
        regex = "".join(text + (f"(?P<{name}>{_regex(types[name])})" if name else "") for text, name in groups)
        cls.pattern = re.compile(regex) if regex else NOTHING

    @classmethod
    def of(cls, match: re.Match[str]) -> Self:
        """Build the instance whose custom_id `pattern` has matched."""
        readers = cls._readers
        return cls(**{name: readers[name](text) for name, text in match.groupdict().items()})

    def _custom_id(self) -> str:
        return self.id_format.format_map(vars(self))


def _plain(text: str) -> str:
    if not _PLAIN.fullmatch(text):
        raise ValueError(f"{text!r} has characters that mean something else in a pattern")
    return text


def _regex(annotation: Any) -> str:
    for shape in getattr(annotation, "__metadata__", ()):
        if isinstance(shape, Matching):
            return shape.regex
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return one_of(*(member.value for member in annotation)).regex
    raise TypeError(f"{annotation} does not say what its text looks like: Annotated[int, digits(9)], for instance")


def _reader(annotation: Any) -> Callable[[str], Any]:
    kind = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    reader: Callable[[str], Any] = kind
    return reader
