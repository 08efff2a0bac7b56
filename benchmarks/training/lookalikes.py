"""`python -m benchmarks.training.lookalikes confusables.txt VERSION`: write the list of look-alikes that the bot ships.

`confusables.txt` is Unicode's (https://www.unicode.org/Public/security/VERSION/confusables.txt). What stays of it are
single letters of other scripts, and phonetic ones, that look like letters from a to z.
"""

import argparse
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from domain.names.lookalikes import LOOKS

FIRST_PHONETIC = 0x250
"""Latin letters before belong to the alphabets of languages: a Turkish dotless i is no disguise."""

HEADER = """\
# Letters of other scripts and the Latin letters that they look like, by code point.
# Made from confusables.txt of Unicode {version} (UTS #39, Unicode Security Mechanisms) by
# `python -m benchmarks.training.lookalikes`. Its copyright and licence are in NOTICE.txt beside this file.
"""


def read_confusables(text: str) -> dict[str, str]:
    """Read what each character looks like from the text of `confusables.txt`."""
    found = {}
    for line in text.lstrip("\ufeff").splitlines():
        if fields := line.partition("#")[0].strip():
            source, look, *_ = fields.split(";")
            found[chr(int(source, 16))] = "".join(chr(int(code, 16)) for code in look.split())
    return found


def is_listed(letter: str) -> bool:
    """Whether a character is a letter that can disguise a Latin one and that stays whole when accents are parted."""
    latin = unicodedata.name(letter, "").startswith("LATIN") and ord(letter) < FIRST_PHONETIC
    whole = unicodedata.is_normalized("NFD", letter)
    return whole and not letter.isascii() and not latin and unicodedata.category(letter).startswith("L")


def latin_looks(letter: str, confusables: Mapping[str, str]) -> Iterator[str]:
    """Yield what a letter looks like in small letters from a to z, by itself first, else in its other case."""
    for case in dict.fromkeys((letter, letter.upper(), letter.lower())):
        look = case if case.isascii() else confusables.get(case, "")
        look = {"rn": "m"}.get(look, look).casefold()  # Unicode takes m for rn, and so whatever looks like an m
        if look.isascii() and look.isalpha() and look != letter.casefold():
            yield look


def latin_look(letter: str, confusables: Mapping[str, str]) -> str | None:
    """Return what a letter looks like; None for nothing Latin, and where its compatible form (NFKC) tells as much."""
    look = next(latin_looks(letter, confusables), None)
    compatible = unicodedata.normalize("NFKC", letter)
    if compatible == letter:
        return look
    told = len(compatible) > 1 or compatible.isascii() or latin_look(compatible, confusables) == look
    return None if told else look


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training.lookalikes", description=__doc__)
    parser.add_argument("confusables", type=Path)
    parser.add_argument("version")
    asked = parser.parse_args()
    confusables = read_confusables(asked.confusables.read_text(encoding="utf-8"))
    letters: dict[str, list[str]] = defaultdict(list)
    cases = {case for source in confusables for case in (source, *source.upper(), *source.lower())}
    for letter in filter(is_listed, sorted(cases)):
        if look := latin_look(letter, confusables):
            letters[look].append(f"{ord(letter):04X}")
    lines = [f"{look} {' '.join(codes)}\n" for look, codes in sorted(letters.items())]
    LOOKS.write_text(HEADER.format(version=asked.version) + "".join(lines), encoding="ascii")
    print(f"{sum(map(len, letters.values()))} letters, {LOOKS.stat().st_size / 1e3:.1f} kB")


if __name__ == "__main__":
    main()
