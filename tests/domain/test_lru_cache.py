"""The cache of bounded size, against a plain list of what was used in which order."""

from hypothesis import given
from hypothesis import strategies as st

from domain.lru_cache import LruCache

SIZE = 3


def test_the_least_recently_used_value_is_dropped() -> None:
    cache: LruCache[str, int] = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


@given(st.lists(st.tuples(st.sampled_from(["get", "put", "discard"]), st.integers(0, 5))))
def test_it_holds_what_was_used_last(acts: list[tuple[str, int]]) -> None:
    cache: LruCache[int, int] = LruCache(SIZE)
    used: list[int] = []
    for number, (act, key) in enumerate(acts):
        if act == "put":
            cache.put(key, number)
        elif act == "get":
            assert (cache.get(key) is not None) is (key in used)
        else:
            cache.discard(key)
        present = key in used or act == "put"
        used = [other for other in used if other != key]
        if present and act != "discard":
            used = [*used, key][-SIZE:]
        assert len(cache) == len(used)
