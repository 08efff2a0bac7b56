"""What answers questions in each server: by meaning where the extra `semantic` is installed, by words elsewhere.

Everything that takes longer than a millisecond runs on threads, off the event loop.
"""

import asyncio
import contextlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import semantic
from db.engine.errors import StorageError
from db.faq.store import FaqStore
from db.faq.vectors import VectorStore
from domain.faq.knowledge import Knowledge
from domain.faq.matcher import Answer, FaqEntry, Matcher
from domain.faq.practice import decoys
from domain.polls.precedents import PRECEDENTS_SHOWN, Precedent, nearest
from domain.ranking.lexical import ByWords

if TYPE_CHECKING:
    from bot.semantic.engine import Engine
    from bot.semantic.vectors import Vectors

log = logging.getLogger(__name__)

SERVERS_KEPT = 16
"""Servers with entries of their own whose matchers are kept in memory at most, 5 MB each."""

STAND_INS_KEPT = 4
"""Servers at most that are answered by words while theirs is built."""

READ_AT_ONCE = 32
"""Texts read between two moments at which a build can be given up: a tenth of a second."""

WAIT_FOR_MODEL = 1.5
"""Seconds that a question waits for the model and for a server's texts. Then words answer it: Discord waits 3 s."""

NO_ENGINE = (ImportError, OSError, semantic.Unavailable)
"""What `load_engine` may raise where the extra is missing, damaged, or of another version."""

_LOADING = threading.Lock()


class FaqAnswers:
    """One for the whole bot.

    Args:
        store: what the servers know.
        vectors: where the vectors of their own entries are kept; they are read anew after a restart if left out.
        by_meaning: whether to rank by meaning; if it is installed when left out.
    """

    def __init__(self, store: FaqStore, vectors: VectorStore | None = None, *, by_meaning: bool | None = None) -> None:
        self._store, self._vectors = store, vectors
        self._by_meaning = semantic.is_installed() if by_meaning is None else by_meaning
        self._built: OrderedDict[int, _Build] = OrderedDict()
        self._stand_ins: OrderedDict[int, tuple[int, Matcher]] = OrderedDict()

    async def matcher(self, guild_id: int) -> Matcher:
        """What answers in a server now; by words alone while the model or many new entries take more than a moment."""
        knowledge = await self._store.knowledge(guild_id)
        place = guild_id if knowledge.version else 0
        build = self._build_once(place, knowledge)
        await asyncio.wait({build.task}, timeout=WAIT_FOR_MODEL)  # which cancels nothing: others wait for it as well
        return build.task.result() if build.task.done() else await self._stand_in(place, knowledge)

    async def ask(self, guild_id: int, question: str) -> Answer:
        """Answer a question, any text at all, as that server's FAQ does."""
        return await asyncio.to_thread((await self.matcher(guild_id)).ask, question)

    async def suggest(self, guild_id: int, text: str) -> tuple[FaqEntry, ...]:
        """At most 25 entries for what has been typed so far, by words: fast enough for every key."""
        return await asyncio.to_thread((await self.matcher(guild_id)).suggest, text)

    async def nearest(
        self, task: str, precedents: Sequence[Precedent], limit: int = PRECEDENTS_SHOWN
    ) -> tuple[Precedent, ...]:
        """The precedents most like `task`, in meaning or in words, the most alike first."""
        by_meaning = asyncio.create_task(self._nearest(task, precedents, limit))
        await asyncio.wait({by_meaning}, timeout=WAIT_FOR_MODEL)
        if by_meaning.done():
            return by_meaning.result()
        return await asyncio.to_thread(nearest, task, precedents, limit)

    async def _nearest(self, task: str, precedents: Sequence[Precedent], limit: int) -> tuple[Precedent, ...]:
        engine = await self._engine()
        return await asyncio.to_thread(engine.nearest if engine else nearest, task, precedents, limit)

    def _build_once(self, place: int, knowledge: Knowledge) -> "_Build":
        """The one build of this version of a server's matcher."""
        build = self._built.get(place)
        if build is None or build.version != knowledge.version or build.failed:
            build = _Build(knowledge.version, asyncio.create_task(self._build(place, knowledge)))
            self._built[place] = build
        self._built.move_to_end(place)
        if len(self._built) > SERVERS_KEPT:
            self._built.popitem(last=False)
        return build

    async def _build(self, place: int, knowledge: Knowledge) -> Matcher:
        engine = await self._engine()
        if engine is None:
            return await asyncio.to_thread(by_words, knowledge)
        vectors = await self._read(engine, place, knowledge)
        return await asyncio.to_thread(engine.matcher, knowledge, vectors)

    async def _read(self, engine: "Engine", place: int, knowledge: Knowledge) -> "dict[str, Vectors]":
        """The vectors of all texts of a server: shipped, kept, or read now a few at a time and then kept."""
        texts = engine.texts(knowledge)
        kept = await self._kept(engine, place)
        found = await asyncio.to_thread(engine.find, texts, kept)
        missing = [text for text in texts if text not in found]
        for start in range(0, len(missing), READ_AT_ONCE):
            found |= await asyncio.to_thread(engine.read, missing[start : start + READ_AT_ONCE])
        own = engine.to_keep(found)
        if self._vectors and place and own.keys() != kept.keys():
            with log_storage_faults("kept"):
                await self._vectors.keep(place, engine.name, own)
        return found

    async def _kept(self, engine: "Engine", place: int) -> dict[bytes, bytes]:
        if self._vectors and place:
            with log_storage_faults("found"):
                return await self._vectors.load(place, engine.name)
        return {}

    async def _stand_in(self, place: int, knowledge: Knowledge) -> Matcher:
        """What answers by words while `_build` is under way."""
        version, matcher = self._stand_ins.get(place, (None, None))
        if matcher is None or version != knowledge.version:
            matcher = await asyncio.to_thread(by_words, knowledge)
            self._stand_ins[place] = knowledge.version, matcher
            if len(self._stand_ins) > STAND_INS_KEPT:
                self._stand_ins.popitem(last=False)
        return matcher

    async def _engine(self) -> "Engine | None":
        """What ranks by meaning, loaded when the first question comes; None where it cannot be had."""
        if not self._by_meaning:
            return None
        try:
            return await asyncio.to_thread(load_engine)
        except NO_ENGINE as error:
            log.warning("questions are ranked by words alone: %s", error)
            self._by_meaning = False
            return None


def by_words(knowledge: Knowledge) -> Matcher:
    """What answers by words alone."""
    return Matcher(knowledge.entries, ByWords(knowledge.entries, (*knowledge.decoys, *decoys())))


def load_engine() -> "Engine":
    """What ranks by meaning, the same for the whole process. Takes a third of a second and 100 MB the first time.

    Raises:
        Unavailable: the installed model is another one, or cannot be read.
        ImportError: the extra is not installed.
    """
    with _LOADING:
        from bot.semantic.engine import engine

        return engine()


@dataclass(slots=True, eq=False)
class _Build:
    """One version of a server's matcher, being built or built."""

    version: int
    task: asyncio.Task[Matcher]

    @property
    def failed(self) -> bool:
        """Whether it has to be tried again."""
        return self.task.done() and (self.task.cancelled() or self.task.exception() is not None)


@contextlib.contextmanager
def log_storage_faults(what: str) -> Iterator[None]:
    """Vectors are a convenience: a fault of the storage is logged, and the question answered all the same."""
    try:
        yield
    except StorageError as error:
        log.warning("vectors could not be %s: %s", what, error)
