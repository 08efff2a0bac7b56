"""Values that break programs: what people and modified clients may send instead of a normal text or number."""

from hypothesis import strategies as st

LONE_SURROGATE = "\ud800"
SNOWFLAKES = st.integers(0, 2**64 - 1).map(str)
"""Ids as Discord writes them; most do not exist."""

HOSTILE = (
    "",
    " ",
    "\0",
    "\n\n\n",
    "…",
    "x" * 6000,
    "🎬" * 3000,
    "👩\u200d🎤" * 40,
    "\u202egnp.exe\u202c",
    "\u2066\u2067" * 30,
    "שלום עולם",
    "e" + "\u0301" * 400,
    "ﷺ" * 100,
    "İ" * 90,
    "@everyone @here <@1> <@&2> <#3> </poll open:4>",
    "**`__~~||>>> - # [a](https://b.example) ``` ```",
    "<t:0:F> <t:99999999999999:R>",
    "https://cdn.discordapp.com/attachments/1/2/cut.mov",
    "https://[::1/%00",
    "=1+1\t@SUM(A1)",
    "{poll_id} {0} %s \\",
    "'; DROP TABLE poll; --",
    "%_%",
    "../../etc/passwd",
    "nul\0byte",
    LONE_SURROGATE,
    f"half {LONE_SURROGATE} a pair",
    "\uffff\ufffe\ufeff",
    "\x1b[31mred\x07",
    "\r\n\u2028\u2029\x85",
    "9" * 400,
    "٣d",
    "²",
    "-1",
    "1e400",
    "NaN",
)

SENSIBLE = (
    *("Rotoscope the lamp", "Rough cut of the 30s spot", "Spot 30s v3", "Why does cheap production cost taste?"),
    *("2h", "3d", "+2h", "tomorrow 18:00", "Friday noon", "in 3 months", "2027-03-01", "3", "12", "1:abcdef12"),
    *("2026-01-01", "2026-12-31", "Europe/Lisbon", "UTC", "https://cuts.example/v3", "the talent has not agreed"),
)
"""Valid texts, to reach the code behind the first check."""


def _at(length: int) -> st.SearchStrategy[str]:
    return st.sampled_from("aé語🎬\u200d\n").map(lambda character: (character * length)[:length])


EDGES = st.sampled_from((1, 2, 45, 60, 80, 100, 101, 200, 500, 1000, 1024, 2000, 4000, 4096, 6000)).flatmap(_at)
"""Texts about as long as one of many limits."""

TEXTS = st.sampled_from(SENSIBLE) | st.sampled_from(HOSTILE) | EDGES | st.text(max_size=40)

INTEGERS = st.sampled_from((0, 1, 2, 3, -1, 25, 10**6, 2**31, 2**53 - 1, -(2**53) + 1)) | st.integers(-10, 10)
"""Whole numbers that Discord accepts: 53 bits."""

JSON = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
"""Any JSON, in place of the promised type."""

LOCALES = st.sampled_from(("en-US", "en-GB", "de", "ar", "xx-XX", "", "zh-Hant-TW-x"))
