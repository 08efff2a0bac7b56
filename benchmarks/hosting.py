"""The cases about the capacity of one process and one host; `docs/capacity.md` has their results."""

from dataclasses import dataclass

from benchmarks import answers, growth, processes, starting
from benchmarks.tools.measure import Together


@dataclass(frozen=True, slots=True)
class Size:
    """How much one round measures."""

    answers: int = 200
    """Of each kind."""

    presses: int = 3000
    """In each process."""

    servers: tuple[int, ...] = (0, 1000, 5000)
    settled: float = 3.0
    """Seconds to wait for what follows a start; discord.py itself takes 2 until it is ready."""

    rows: int = 20_000


def cases(size: Size) -> list[Together]:
    """Return all of these cases."""
    return [
        answers.case(size.answers),
        starting.starting(),
        starting.memory(size.servers, size.settled),
        processes.case(size.presses),
        growth.case(size.rows),
    ]
