"""Build matchers by meaning, from the model and the vectors that ship with the program."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from threading import Lock

from bot.semantic.bank import SharedBank
from bot.semantic.library import Library, key_of
from bot.semantic.model import Model, give_back_memory
from bot.semantic.ranker import SemanticRanker, Studied
from bot.semantic.vectors import Vectors, sentences
from domain.faq.knowledge import Knowledge, essays
from domain.faq.matcher import FaqEntry, Matcher
from domain.faq.practice import decoys, practice
from domain.lru_cache import LruCache
from domain.polls.precedents import PRECEDENTS_SHOWN, Precedent, nearest_by_meaning
from domain.ranking.lexical import LexicalRanker

_TASKS_KEPT = 2000  # vectors of polls' tasks, 2 kB each
_TASKS_BY_MEANING = 200  # a server's other tasks are compared by words: reading all 1,000 could take seconds


class Engine:
    """The loaded model and what is built from it. Loading takes a third of a second. Threads may share it.

    Raises:
        Unavailable: the model is not the one that this program knows, or cannot be read.
        ImportError: the extra is not installed.
    """

    def __init__(self) -> None:
        self._library = Library(Model())
        entries = tuple(essays().values())
        self._practice = practice(entries)
        topics = [self._studied(entry) for entry in entries]
        found = self._all(text for topic in topics for text in topic.texts)
        outside = self._all(decoys())
        self._shared = (
            SharedBank({topic.texts: [found[text] for text in topic.texts] for topic in topics}),
            SharedBank({(decoy,): [outside[decoy]] for decoy in decoys()}),
        )
        self._tasks: LruCache[str, Vectors] = LruCache(_TASKS_KEPT)
        self._tasks_lock = Lock()
        self._essays = self._build(entries, (), found | outside)

    @property
    def name(self) -> str:
        """The model's version; stored vectors are valid only under the same name."""
        return self._library.model.name

    def texts(self, knowledge: Knowledge) -> list[str]:
        """Return every text that `matcher` needs the vectors of, without repeats."""
        topics = [text for entry in knowledge.entries for text in self._studied(entry).texts]
        return list(dict.fromkeys((*topics, *knowledge.decoys, *decoys())))

    def find(self, texts: Iterable[str], kept: Mapping[bytes, bytes]) -> dict[str, Vectors]:
        """Return the vectors of the texts that the model need not read: shipped or `kept`."""
        return self._library.find(texts, kept)

    def read(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Compute the vectors of texts, about 3 ms each."""
        return self._library.read(texts)

    def to_keep(self, vectors: Mapping[str, Vectors]) -> dict[bytes, bytes]:
        """Select the vectors that did not ship with the program, by key, as `find` takes them."""
        return {key_of(text): found.to_bytes() for text, found in vectors.items() if not self._library.ships(text)}

    def matcher(self, knowledge: Knowledge, vectors: Mapping[str, Vectors]) -> Matcher:
        """Build a matcher of `knowledge` from the vectors of all its `texts`; the essays' own is already built."""
        if knowledge.entries == self._essays.entries and not knowledge.decoys:
            return self._essays
        return self._build(knowledge.entries, knowledge.decoys, vectors)

    def build(self, knowledge: Knowledge) -> Matcher:
        """Compute every missing vector, then build the matcher."""
        return self.matcher(knowledge, self._all(self.texts(knowledge)))

    def nearest(
        self, task: str, precedents: Sequence[Precedent], limit: int = PRECEDENTS_SHOWN
    ) -> tuple[Precedent, ...]:
        """Return the precedents most like `task` by meaning, as `domain.polls.precedents.nearest` does by words.

        The first 200 of the server's own are compared by meaning, the others by words.
        """
        own = [one.task for one in precedents if not self._library.ships(one.task)]
        by_words = set(own[_TASKS_BY_MEANING:])
        phrasings = [() if one.task in by_words else (one.task, *one.alternates) for one in precedents]
        found = self._of_tasks([task, *(text for texts in phrasings for text in texts)])
        (asked,) = sentences([found[task]])
        likeness = [float((sentences([found[text] for text in texts]) @ asked).max(initial=0)) for texts in phrasings]
        return nearest_by_meaning(precedents, LexicalRanker(precedents).scores(task), likeness, limit)

    def _build(
        self, entries: tuple[FaqEntry, ...], own_decoys: tuple[str, ...], vectors: Mapping[str, Vectors]
    ) -> Matcher:
        topics = [self._studied(entry) for entry in entries]
        refused = tuple(dict.fromkeys(own_decoys))
        wanted = (*(decoy for decoy in decoys() if decoy not in refused), *refused)
        ranker = SemanticRanker(self._library.model, topics, wanted, vectors, len(refused), self._shared)
        give_back_memory()
        return Matcher(entries, ranker)

    def _studied(self, topic: FaqEntry) -> Studied:
        return Studied(topic, self._practice.get(topic.question, ()))

    def _all(self, texts: Iterable[str]) -> dict[str, Vectors]:
        wanted = list(dict.fromkeys(texts))
        found = self._library.find(wanted)
        return found | self._library.read([text for text in wanted if text not in found])

    def _of_tasks(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors of tasks; those of recent ones are cached."""
        with self._tasks_lock:
            found = {text: vectors for text in texts if (vectors := self._tasks.get(text)) is not None}
        read = self._all(text for text in texts if text not in found)
        with self._tasks_lock:
            for text, vectors in read.items():
                self._tasks.put(text, vectors)
        return found | read


@cache
def engine() -> Engine:
    """Return the process's one engine: 100 MB that every bot in it can share."""
    return Engine()
