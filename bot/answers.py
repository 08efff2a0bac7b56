"""Answer questions in each server: by meaning where the extra `semantic` is installed, by words elsewhere.

Everything that takes longer than a millisecond runs on threads, off the event loop.
"""

import asyncio
import contextlib
import logging
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
from domain.lru_cache import LruCache
from domain.polls.precedents import PRECEDENTS_SHOWN, Precedent, nearest
from domain.ranking.lexical import ByWords

if TYPE_CHECKING:
    from bot.semantic.engine import Engine
    from bot.semantic.vectors import Vectors

log = logging.getLogger(__name__)

SERVERS_KEPT = 16
"""Servers with their own entries whose matchers stay in memory, 5 MB each."""

STAND_INS_KEPT = 4
"""Servers whose matcher by words stays in memory while the one by meaning is built."""

READ_AT_ONCE = 32
"""Texts read in one go, which takes a tenth of a second; between two of them a build can be cancelled."""

WAIT_FOR_MODEL = 1.5
"""Seconds that a question waits for the model and a server's texts. Then words answer it: Discord waits 3 s."""

NO_ENGINE = (ImportError, OSError, semantic.Unavailable)
"""What `load_engine` may raise where the extra is missing, damaged, or of another version."""


class FaqAnswers:
    """The FAQ of every server; a bot has one.

    Args:
        store: what the servers know.
        vectors: where the vectors of their own entries are stored; without it they are computed again after a restart.
        by_meaning: whether to rank by meaning; by default where the extra `semantic` is installed.
    """

    def __init__(self, store: FaqStore, vectors: VectorStore | None = None, *, by_meaning: bool | None = None) -> None:
        self._store, self._vectors = store, vectors
        self._by_meaning = semantic.is_installed() if by_meaning is None else by_meaning
        self._engine: Engine | None = None
        self._loading = asyncio.Lock()
        self._builds: LruCache[int, _Build] = LruCache(SERVERS_KEPT)
        self._stand_ins: LruCache[int, tuple[int, Matcher]] = LruCache(STAND_INS_KEPT)

    async def matcher(self, guild_id: int) -> Matcher:
        """Return the server's matcher: by words alone while the one by meaning takes longer than a moment to build."""
        knowledge = await self._store.knowledge(guild_id)
        cache_key = guild_id if knowledge.version else 0  # servers without their own entries share one
        build = self._build_once(cache_key, knowledge)
        await asyncio.wait({build.task}, timeout=WAIT_FOR_MODEL)  # which cancels nothing: others wait for it as well
        return build.task.result() if build.task.done() else await self._stand_in(cache_key, knowledge)

    async def ask(self, guild_id: int, question: str) -> tuple[Answer, Matcher]:
        """Answer a question, which may be any text, from the server's FAQ; return also the matcher that answered."""
        matcher = await self.matcher(guild_id)
        return await asyncio.to_thread(matcher.ask, question), matcher

    async def suggest(self, guild_id: int, text: str) -> tuple[FaqEntry, ...]:
        """Return at most 25 entries for what was typed so far, by words: fast enough for every keystroke."""
        return await asyncio.to_thread((await self.matcher(guild_id)).suggest, text)

    async def nearest(
        self, task: str, precedents: Sequence[Precedent], limit: int = PRECEDENTS_SHOWN
    ) -> tuple[Precedent, ...]:
        """Return the precedents most like `task`, in meaning or in words, the most similar first."""
        by_meaning = asyncio.create_task(self._nearest(task, precedents, limit))
        await asyncio.wait({by_meaning}, timeout=WAIT_FOR_MODEL)
        if by_meaning.done():
            return by_meaning.result()
        return await asyncio.to_thread(nearest, task, precedents, limit)

    async def _nearest(self, task: str, precedents: Sequence[Precedent], limit: int) -> tuple[Precedent, ...]:
        engine = await self._loaded_engine()
        return await asyncio.to_thread(engine.nearest if engine else nearest, task, precedents, limit)

    def _build_once(self, cache_key: int, knowledge: Knowledge) -> "_Build":
        """Return the one build of this version of a server's matcher."""
        build = self._builds.get(cache_key)
        if build is None or build.version != knowledge.version or build.failed:
            build = _Build(knowledge.version, asyncio.create_task(self._build(cache_key, knowledge)))
            self._builds.put(cache_key, build)
        return build

    async def _build(self, cache_key: int, knowledge: Knowledge) -> Matcher:
        engine = await self._loaded_engine()
        if engine is None:
            return await asyncio.to_thread(by_words, knowledge)
        vectors = await self._vectors_of(engine, cache_key, knowledge)
        return await asyncio.to_thread(engine.matcher, knowledge, vectors)

    async def _vectors_of(self, engine: "Engine", cache_key: int, knowledge: Knowledge) -> "dict[str, Vectors]":
        """Return the vectors of all texts of a server: shipped, stored, or computed now a few at a time and stored."""
        texts = engine.texts(knowledge)
        stored = await self._stored(engine, cache_key)
        found = await asyncio.to_thread(engine.find, texts, stored)
        missing = [text for text in texts if text not in found]
        for start in range(0, len(missing), READ_AT_ONCE):
            found |= await asyncio.to_thread(engine.read, missing[start : start + READ_AT_ONCE])
        own = engine.to_keep(found)
        if self._vectors and cache_key and own.keys() != stored.keys():
            with log_storage_faults("kept"):
                await self._vectors.keep(cache_key, engine.name, own)
        return found

    async def _stored(self, engine: "Engine", cache_key: int) -> dict[bytes, bytes]:
        if self._vectors and cache_key:
            with log_storage_faults("found"):
                return await self._vectors.load(cache_key, engine.name)
        return {}

    async def _stand_in(self, cache_key: int, knowledge: Knowledge) -> Matcher:
        """Return a matcher by words, for as long as `_build` takes."""
        version, matcher = self._stand_ins.get(cache_key) or (None, None)
        if matcher is None or version != knowledge.version:
            matcher = await asyncio.to_thread(by_words, knowledge)
            self._stand_ins.put(cache_key, (knowledge.version, matcher))
        return matcher

    async def _loaded_engine(self) -> "Engine | None":
        """Return what ranks by meaning, loaded with the first question; None where it is not available."""
        async with self._loading:
            if self._by_meaning and self._engine is None:
                try:
                    self._engine = await asyncio.to_thread(load_engine)
                except NO_ENGINE as error:
                    log.warning("questions are ranked by words alone: %s", error)
                    self._by_meaning = False
        return self._engine


def by_words(knowledge: Knowledge) -> Matcher:
    """Build the matcher that compares shared words alone."""
    return Matcher(knowledge.entries, ByWords(knowledge.entries, (*knowledge.decoys, *decoys())))


def load_engine() -> "Engine":
    """Return what ranks by meaning, one for the whole process. The first call takes a third of a second and 100 MB.

    Raises:
        Unavailable: the installed model is another one, or cannot be read.
        ImportError: the extra is not installed.
    """
    semantic.prepare_environment()
    from bot.semantic.engine import engine

    return engine()


@dataclass(slots=True, eq=False)
class _Build:
    """One version of a server's matcher, being built or built."""

    version: int
    task: asyncio.Task[Matcher]

    @property
    def failed(self) -> bool:
        """Whether to build it again."""
        return self.task.done() and (self.task.cancelled() or self.task.exception() is not None)


@contextlib.contextmanager
def log_storage_faults(what: str) -> Iterator[None]:
    """Log a storage fault and go on: stored vectors only save time."""
    try:
        yield
    except StorageError as error:
        log.warning("vectors could not be %s: %s", what, error)
