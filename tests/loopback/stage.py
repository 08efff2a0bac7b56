"""The real bot at work: people pressing its buttons, and what its database then holds, read without its code."""

import asyncio
import contextlib
import json
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from discord import Permissions

from . import BotProcess, Channel, Guild, Loopback, Member, Message, Reply
from .process import REPOSITORY, RUN

TYPED = "Zanzibar-marzipan"
"""Stands in everything that these tests type; no log may hold it."""

CHOICES = {"execution": "AI may execute", "judgment": "Human judgment", "abstain": "Abstain"}
Row = tuple[Any, ...]


@dataclass(slots=True)
class Stage:
    """A server with a channel, a producer who may do anything there, and a bot with its database file."""

    discord: Loopback
    guild: Guild
    channel: Channel
    producer: Member
    bot: BotProcess
    database: Path

    def crowd(self, count: int) -> list[Member]:
        """Members who have not been here before."""
        return [self.guild.add_member(f"Extra {len(self.guild.members)}") for _ in range(count)]

    async def open_poll(self, **options: object) -> Message:
        """Open a poll; its ballot."""
        task = f"Rotoscope the {TYPED}"
        reply = await self.discord.slash(self.producer, self.channel, "poll open", task=task, **options)
        return posted(reply)

    async def open_signoff(self, signers: Sequence[Member], piece: str = TYPED) -> Message:
        """Ask for signatures on a cut; the card."""
        mentions = " ".join(f"<@{signer.id}>" for signer in signers)
        form = await self.discord.slash(
            self.producer, self.channel, "signoff open", piece=piece, cut=1, signers=mentions
        )
        return posted(await self.discord.submit(self.producer, form, {"uses": ["grade"], "tools": TYPED}))

    async def vote(self, voter: Member, ballot: Message, choice: str) -> Reply:
        """Press a choice on a ballot."""
        return await self.discord.press(voter, ballot, label=CHOICES[choice])

    async def shown(self, poll_id: int = 1) -> str:
        """All that `/poll show` says."""
        reply = await self.discord.slash(self.producer, self.channel, "poll show", poll=poll_id)
        return words(posted(reply))


@contextlib.asynccontextmanager
async def stage(folder: Path, *, start: bool = True, command: Sequence[str] = RUN, **env: str) -> AsyncIterator[Stage]:
    """A stage with a running bot, its files in `folder`; on leaving, its log must not tell what nobody may read.

    Args:
        folder: an empty folder.
        start: False if the test itself starts the bot.
        command: the program.
        env: further settings.
    """
    async with Loopback() as discord:
        guild = discord.add_guild("Night Shoot")
        producer = guild.add_member("Producer", permissions=Permissions(manage_guild=True))
        database = folder / "take.sqlite3"
        settings = {"DATABASE_PATH": str(database), "LOG_LEVEL": "DEBUG"} | env
        bot = BotProcess(discord, folder, env=settings, command=command)
        async with bot if start else contextlib.nullcontext():
            yield Stage(discord, guild, guild.add_channel("crew"), producer, bot, database)
        await bot.kill()
        assert told_secrets(bot.tail(10**9), discord.token) == []


def told_secrets(log: str, token: str) -> list[str]:
    """The lines of a log that hold the token, an interaction's token, or what people typed."""
    secret = re.compile(rf"{re.escape(token)}|{TYPED}|(?:webhooks|interactions)/\d+/[\w-]{{20,}}")
    return [line for line in log.splitlines() if secret.search(line)]


def posted(reply: Reply) -> Message:
    """The message that an answer made."""
    assert reply.message is not None, f"{reply.kind}, no message"
    return reply.message


def words(message: Message) -> str:
    """All the text of a message: content and embeds."""
    return "\n".join([message.content, *(json.dumps(embed, ensure_ascii=False) for embed in message.embeds)])


def rows(database: Path, sql: str, *parameters: object) -> list[Row]:
    """Return the rows of a query on a copy of the file as it is, even while a bot has it open or after a kill."""
    with tempfile.TemporaryDirectory() as folder:
        for file in database.parent.glob(f"{database.name}*"):
            if not file.name.endswith("-shm"):
                shutil.copy(file, folder)
        with contextlib.closing(sqlite3.connect(Path(folder, database.name))) as connection:
            return connection.execute(sql, parameters).fetchall()


def files_of(database: Path) -> list[str]:
    """The names of a database's files: one if it was closed, more while it is open or after a crash."""
    return sorted(file.name for file in database.parent.glob(f"{database.name}*"))


def everything(database: Path) -> dict[str, list[Row]]:
    """Every row of every table, and what SQLite says of the file as a whole."""
    tables = [name for (name,) in rows(database, "SELECT name FROM sqlite_schema WHERE type = 'table'")]
    whole = {"integrity": rows(database, "PRAGMA integrity_check")}
    return whole | {table: sorted(rows(database, f'SELECT * FROM "{table}"'), key=repr) for table in tables}


class Known(NamedTuple):
    """A vote that was acknowledged."""

    voter_id: int
    choice: str


def lost_votes(database: Path, votes: Mapping[int, Known]) -> set[int]:
    """The interactions, of those that were acknowledged with a vote, after which the history has another one.

    Whoever votes again as before is told so, and the history has nothing new.
    """
    history = """
        SELECT person, interaction_id, choice FROM poll_event
        WHERE kind IN ('cast', 'change', 'withdraw') ORDER BY event_no
    """
    kept: dict[int, list[tuple[int, str | None]]] = {}
    for person, interaction_id, choice in rows(database, history):
        kept.setdefault(int(person), []).append((interaction_id, choice))
    return {number for number, vote in votes.items() if _stood(kept.get(vote.voter_id, ()), number) != vote.choice}


def _stood(history: Iterable[tuple[int, str | None]], number: int) -> str | None:
    """A person's vote right after an interaction."""
    return next((choice for at, choice in reversed([*history]) if at <= number), None)


def recount(database: Path) -> dict[str, int]:
    """Votes by choice, from the history alone."""
    history = "SELECT person, choice FROM poll_event WHERE kind IN ('cast', 'change', 'withdraw') ORDER BY event_no"
    last: dict[str, str | None] = dict(rows(database, history))
    return {choice: list(last.values()).count(choice) for choice in CHOICES}


def tally(database: Path) -> dict[str, int]:
    """Votes by choice, as the bot counts along in its only poll."""
    (counters,) = rows(database, f"SELECT {', '.join(CHOICES)} FROM poll")
    return dict(zip(CHOICES, counters, strict=True))


def standing(database: Path) -> dict[str, int]:
    """Votes by choice, from the votes that stand."""
    found: dict[str, int] = dict(rows(database, "SELECT choice, COUNT(*) FROM poll_vote GROUP BY choice"))
    return {choice: found.get(choice, 0) for choice in CHOICES}


async def circle_take(*arguments: str | Path, **env: str) -> tuple[int, str]:
    """Exit code and output of a call of the program."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *map(str, arguments)),
        cwd=tempfile.gettempdir(),
        env={"PYTHONPATH": str(REPOSITORY)} | env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


async def exported(database: Path, guild: Guild) -> Path:
    """The proof of a server's log, exported from the file."""
    output = database.with_suffix(".jsonl")
    arguments = ("--guild", f"{guild.id}", "--format", "jsonl", "--output", output)
    code, said = await circle_take("export", *arguments, DATABASE_PATH=str(database))
    assert code == 0, said
    return output


async def backup(database: Path, output: Path) -> Path:
    """A copy of the database, made while the bot runs."""
    code, said = await circle_take("backup", output, DATABASE_PATH=str(database))
    assert code == 0, said
    return output


async def verified(proof: Path, receipts: Iterable[str] = ()) -> tuple[int, str]:
    """Exit code and words of `circle-take verify` with receipts that people kept."""
    return await circle_take("verify", proof, *(word for pin in receipts for word in ("--pin", pin)))
