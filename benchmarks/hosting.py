"""Every case about what one process and one host carry; `docs/capacity.md` tells what they found."""

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
    """Seconds until what follows a start is over; discord.py itself takes 2 to call itself ready."""

    rows: int = 20_000


def cases(size: Size) -> list[Together]:
    """All of them."""
    return [
        answers.case(size.answers),
        starting.starting(),
        starting.memory(size.servers, size.settled),
        processes.case(size.presses),
        growth.case(size.rows),
    ]
