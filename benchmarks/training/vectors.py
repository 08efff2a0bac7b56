"""`python -m benchmarks.training.vectors`: compute the vectors that the bot ships.

Run it after a change to domain/essays, domain/faq/questions or the precedents. Texts that are not in the file are read
with the first question, which takes longer. `--axes` also finds new axes on which token vectors are projected: then
no stored vector of a server is valid any more, and the bot computes them again.
"""

import argparse
from collections.abc import Iterator

from bot import semantic

semantic.prepare_environment()

import numpy as np

from bot.semantic.library import SHIPPED, pack
from bot.semantic.model import LONGEST, PROJECTION, Model, principal_axes
from bot.semantic.ranker import Studied
from domain.faq.knowledge import load_essays
from domain.faq.practice import decoys, practice
from domain.polls.precedents import ESSAY


def texts() -> Iterator[str]:
    """Yield every text whose vectors ship with the bot."""
    essays = load_essays()
    known = practice(essays)
    for entry in essays:
        yield from Studied(entry, known[entry.question]).texts
    yield from decoys()
    for precedent in ESSAY:
        yield from (precedent.task, *precedent.alternates)


def find_axes() -> None:
    """Write the projection, from what the essays' entries show."""
    model = Model()
    shown = [text for entry in load_essays() for text in Studied(entry).texts]
    hidden = [layer for text in shown for layer in model.hidden([model.pieces.tokens(text, LONGEST)])]
    centre, axes = principal_axes(np.concatenate(hidden))
    np.savez(PROJECTION, centre=centre, axes=axes)


def main() -> None:
    """Write the vectors and, with `--axes`, the projection."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training.vectors", description=__doc__)
    parser.add_argument("--axes", action="store_true", help="find new axes of the projection as well")
    if parser.parse_args().axes:
        find_axes()
    model = Model()
    wanted = list(dict.fromkeys(texts()))
    found = {text: read.vectors for text, read in zip(wanted, model.read(wanted), strict=True)}
    pack(SHIPPED, model, found)
    print(f"{len(found)} texts, {SHIPPED.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
