"""A film crew's log of a whole season: entries of every kind, with all sorts of names and texts."""

from datetime import datetime, timedelta

from domain.decision_log.entries import EntryType, NewEntry, Person
from domain.signoffs.choices import AiUse, ClientTold, Flag, SignoffVerdict
from tests.domain.proof.logs import START, Log

PIECES = (
    "Harbour Lights 30s",
    "Harbour Lights 6s, vertical",
    "Titles <b>&amp; end card</b>",
    "فيلم الميناء – النسخة النهائية",
    "港の灯 予告編",
    "An uncommonly long working title that somebody pasted from the call sheet, with scene numbers 12A to 14C",
)
CREW = (
    Person(201, "Ana Ruiz", ("Director",)),
    Person(202, "Ben Okafor", ("Colourist", "Post")),
    Person(203, "</script><script>alert(1)</script>", ("<i>Editor</i>",)),
    Person(204, "ليلى حداد", ("Producer",)),
    Person(205, "佐藤 光", ("Director of photography",)),
    Person(206, 'O\'Brien "Bo" & Sons', ()),
)
REASONS = (
    "",
    "The sky looks bought.\nThe gulls repeat every two seconds.",
    "السماء تبدو مصطنعة (shot 4).",
    '=HYPERLINK("https://evil.example") is what the tool wrote into the burn-in. <img src=x onerror=alert(1)>',
    "Six fingers in shot 4, and the reflection in the wheelhouse window moves against the swell. " * 8,
)
USES: tuple[list[AiUse], ...] = (
    [],
    [AiUse.BROLL],
    [AiUse.AUDIO, AiUse.TRANSCRIPT, AiUse.ROUGH_CUT],
    [AiUse.LIKENESS, AiUse.OTHER],
)
FLAGS: tuple[list[Flag], ...] = ([], [Flag.FINAL], [Flag.LIKENESS, Flag.THIRD_PARTY])
VERDICTS = (
    SignoffVerdict.SIGNED,
    SignoffVerdict.REVISE,
    SignoffVerdict.SIGNED,
    SignoffVerdict.DECLINED,
    SignoffVerdict.SIGNED,
)
LINKS = ("https://discord.com/channels/1/2/3", "javascript:alert(1)", "frame.io says: review 12", "")


def season(rounds: int) -> Log:
    """Return a log of `rounds` sign-offs with their answers, and every other kind of entry in between."""
    log = Log()
    for number in range(rounds):
        at = START + timedelta(hours=31 * number)
        _signoff(log, number, at=at)
        if number % 3 == 0:
            _outcome(log, number, at=at + timedelta(hours=2))
        if number % 7 == 2:
            _housekeeping(log, number, at=at + timedelta(hours=3))
    return log


def _signoff(log: Log, number: int, *, at: datetime) -> None:
    opener, piece = CREW[number % len(CREW)], PIECES[number % len(PIECES)]
    policy = {
        "pattern": "Harbour*",
        "roles": ["55"],
        "need": 1,
        "maker_may_sign": False,
        "disclosure": True,
        "entry": 3,
    }
    work = {
        "piece": piece, "cut": number // len(PIECES) + 1, "link": LINKS[number % 4], "uses": USES[number % 4],
        "tools": "Runway Gen-4, Topaz 7" if number % 2 else "", "flags": FLAGS[number % 3],
        "client_told": list(ClientTold)[number % 4], "kept": [["Pick the final take", 5, 2]] if number % 5 == 0 else [],
    }  # fmt: skip
    facts = {"roles": ["55"], "users": 1, "need": 0} | ({"policy": policy} if number % 4 == 0 else {})
    facts |= {"warnings": [4], "untold": True} if number % 5 == 0 else {}
    who = opener.value() | {"signers": [CREW[(number + 1) % len(CREW)].value()]}
    request = _add(log, EntryType.REQUEST, at, facts=facts, who=who, work=work)
    for answer in range(1 + number % 3):
        turn = number + answer
        signer, reason, verdict = CREW[turn % len(CREW)], REASONS[turn % len(REASONS)], VERDICTS[turn % len(VERDICTS)]
        _add(
            log, EntryType.DECISION, at + timedelta(minutes=9 * answer + 4), verdict,
            refs={"request": request}, facts={"fills": ["r55"]}, who=signer.value(),
            work={"piece": piece, "cut": work["cut"]}, text={"reason": reason} if reason else None,
        )  # fmt: skip


def _outcome(log: Log, number: int, *, at: datetime) -> None:
    facts = {
        "poll": number + 1, "ground": "no-quorum" if number % 2 else "majority", "turnout": 5, "quorum": 3,
        "counts": {"execution": 3, "judgment": 1, "abstain": 1}, "ballot": "after-close", "late": False,
        "department": {"role": "55", "counts": {"execution": 1, "judgment": 0, "abstain": 0}}, "stage": "closed",
        "by": "clock",
    }  # fmt: skip
    work = {"task": f"Extend the sky in scene {number}", "details": "Only the wide shots.", "link": LINKS[0]}
    text = {"dissent": [{"choice": "judgment", "reason": "Taste."}], "holds": ["Wait for the colourist."]}
    verdict = "judgment" if number % 2 else "execution"
    opener = CREW[number % len(CREW)].value()
    closed = _add(log, EntryType.OUTCOME, at, verdict, facts=facts, who=opener, work=work, text=text)
    recorded = facts | {"stage": "recorded", "review": "2027-01-01T09:00:00.000Z"}
    typed = {"reason": "Agreed on the call.", "conditions": "Wide shots only; Ana looks at each."}
    who = opener | {"decider": CREW[0].value()}
    _add(
        log, EntryType.OUTCOME, at, verdict,
        refs={"supersedes": [closed]}, facts=recorded, who=who, work=work, text=typed,
    )  # fmt: skip


def _housekeeping(log: Log, number: int, *, at: datetime) -> None:
    producer, last = CREW[3].value(), len(log.entries)
    slate = {"piece": PIECES[0], "cut": 2}
    policy = {"pattern": "Harbour*", "roles": ["55", "66"], "need": 0, "maker_may_sign": True, "disclosure": False}
    exported = {"format": "html", "shown": 9, "total": last, "head": log.entries[-1].hash, "sha256": "ab" * 32}
    told = {"client_told": ClientTold.TOLD}
    _add(log, EntryType.POLICY, at, facts=policy, who=producer)
    _add(log, EntryType.EXPORT, at, facts=exported, who=producer, work={"filter": {"kind": "all", "piece": PIECES[0]}})
    _add(log, EntryType.CORRECT, at, refs={"request": 1, "corrects": 1}, facts=told, who=producer, work=slate)
    changed = {"changed": ["cut", "link"]}
    _add(log, EntryType.CORRECT, at, refs={"request": 1, "corrects": 1}, facts=changed, who=producer, work=slate)
    _add(log, EntryType.WITHDRAW, at, refs={"request": 1, "withdraws": 2}, who=producer, work=slate)
    _add(log, EntryType.VOID, at, refs={"voids": last}, who=producer, text={"reason": "Spam, not from our crew."})
    _add(log, EntryType.ANCHOR, at, facts={"count": last, "head": log.entries[-1].hash, "message": "9"})
    _add(log, EntryType.ANCHOR, at, facts={"something_new": {"deep": [1, None, True]}})
    log.erase((last - 1, "who"))


def _add(log: Log, kind: EntryType, at: datetime, verdict: str | None = None, **held: object) -> int:
    return log.add(NewEntry(kind, at, verdict=verdict, **held)).seq  # type: ignore[arg-type]  # named by their callers
