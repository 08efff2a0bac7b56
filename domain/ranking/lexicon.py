"""Words as a film crew uses them: tokens, stems, synonyms. Data for the FAQ's lexical ranking."""

import re
import unicodedata
from functools import cache, lru_cache

# Markup that carries no topic: mentions, custom emoji, timestamps, links.
_DISCORD = re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:|/[^:>]*:)[^>\s]*>|https?://\S+|@(?:everyone|here)\b")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that carry no topic of their own and are left out of every comparison.
STOP = _words(
    """
    a about actually after all also am an and any anybody anyone anyway are arent as at be because been before being
    but by came can cannot cant come comes could couldnt did didnt do does doesnt doing done dont each either else
    ever every everybody everyone exactly explain for from get gets getting give gives go goes going gonna got had
    has hasnt have havent having he hello her hers hey hi him his how hows however i id if ill im in into is isnt it
    its ive just know let lets like ll made make makes making many may me might mine more most much must my myself
    need needs no not now of off ok okay on once one ones or other our ours out over own please pls quite rather re
    really s said same say says see shall she should shouldnt so some somebody someone something stuff such t take
    tell than thanks that thats the their them then there these they theyre thing things this those through to too
    u up us use used uses using ve very via want wants was wasnt way we well went were werent what whats when where
    whether which while who whom whos whose why will with without would wouldnt yes yet you youre your yours
    """
)

# Common words that say little about the topic: they help when they match and hardly hurt when they do not.
FILLER = _words(
    """
    able again ago always another around ask away back bad become best better big bit bring call change day end
    even example fact far feel find first full good great guy happen hard help here idea keep kind last late leave
    less life little long look lot matter mean moment name never new next nice nobody nothing old only part people
    person place point possible problem put question quick read real reason right sense set seem show side small
    sort start still stop story sure talk thing think time today true try turn type understand view wait whole wonder
    word work world worse worst wrong year young
    """
)

# Words of practical requests (bookings, paperwork, how-to, gear). An entry that does not hold them is less likely to
# be the answer than with other words that it does not hold.
PRACTICAL = _words(
    """
    address agent app battery book booking buy call camera cameras catering codec contract copyright court download
    drone export file festival format fps hire import insurance install invoice law lawsuit legal lens lenses
    lunch married microphone mic oscar oscars parking permit phone plugin prompt rate rates
    recommend recommended render rent rental repair resolution salary salaries schedule server settings
    subscription tax ticket tickets timesheet today tomorrow tonight transport tutorial tutorials union vendor visa
    wage wages wifi yesterday
    """
)

# One group a line; the first word stands for the group. Groups hold words that a crew would swap in these questions.
_GROUPS = """
    ai machine machines computer computers algorithm algorithms robot robots artificial intelligence genai generative
      generated generate generates generating automated automate automation automating bot software llm
    film films movie movies cinema cinemas feature features picture pictures flick flicks hollywood
    director directors directing filmmaker filmmakers filmmaking auteur auteurs
    actor actors actress actresses performer performers star stars talent
    crew crews team teams unit
    client clients customer customers brand brands agency
    ad advert adverts advertising commercial commercials spot spots tvc
    writer writers author authors essayist wrote written
    dp dop cinematographer cinematographers
    gaffer gaffers lighting lights light spark sparks lamp
    pa pas runner runners
    assistant assistants trainee trainees junior juniors entry beginner beginners newcomer newcomers intern interns
    job jobs role roles position positions gig gigs employment employed career careers occupation
    money cash dollars dollar bucks buck financing funding funds fund finance
    budget budgets
    cost costs price prices priced pay paid charge charges spend spent fee
    cheap cheaper cheapest cheaply inexpensive affordable lowcost
    save saves saving savings
    audience audiences viewer viewers watcher watchers spectators public
    color colour colors colours coloring colouring colorist colourist colorists colourists grade grading grader graders
    edit edits edited editing editor editors cutter
    cut cuts
    music musical song soundtrack score
    audio sound
    afraid scared fear fears feared terrified terror panic panicked anxious anxiety worried worry frightened scary scare
    irrelevant irrelevance obsolete
    survive survives survived surviving survival survivor survivors survivalist survivalists outlast
    disappear disappears disappeared disappearing vanish vanished vanishes vanishing extinct gone contracting
    shrink shrinks shrinking shrank smaller contraction decline declining dying dead dies die downturn
    empty deserted
    bored boring tired fatigue sick dull
    stream streaming streamer streamers netflix series
    flood flooded floods glut oversupply slop
    feeling feelings emotion emotions emotional emotionally moved touch touching heart soul cry tears
    sterile bland soulless lifeless generic cold flat samey
    average averages mediocre middling
    mistake mistakes accident accidents blooper bloopers error errors serendipity flub flubbed fluke flukes
    lucky luck chance
    friction conflict conflicts disagreement disagreements disagree disagrees argue argues arguing argument fight
      fighting clash clashes quarrel tension
    accountability accountable responsible responsibility blame liable
    invested commitment committed
    creativity creative creatively creation
    taste judgment judgement judge judging judgments judgements
    execution execute executes executing
    decide decides decision decisions decided choose chooses choosing choice chosen
    safe secure proof futureproof untouchable
    sign signs signature signing signed signoff
    deliver delivers delivery delivering delivered deliverable deliverables send sending sent ship
    scrap scrapped scraps binned bin trash trashed dump dumped discard discarded reject rejected toss tossed
      threw thrown
    redo redid redone remade remake
    precedent analogy history historical historically
    digital dv
    transition shift revolution upheaval wave
    fast faster quick quicker quickly quickest speed rapid
    alone solo single-handed singlehandedly yourself
    afternoon hours hour
    minute minutes min mins
    weeks week
    indie indies independent independents
    corporation corporations corporate giants monopoly conglomerate conglomerates
    power powerful control
    democratize democratise democratic democracy access accessible barrier barriers
    ethical ethically ethics
    guardrail guardrails regulation rules rule
    tool tools instrument hammer gear equipment kit
    brush paintbrush
    advice tip tips takeaway takeaways lesson lessons
    learn learns learning study
    student students
    quality standard standards
    acceptable passable
    thrive thrives thriving flourish prosper succeed success successful win wins winner winners
    hedge hedges hedging bets insurance
    applaud applause clap cheer
    headline headlines news announcement announcements announce announces announced
    danger dangers dangerous threat threats risk risks risky peril
    background resume credentials experience cv bio
    face faces likeness
    young younger youth youthful
    hk hongkong
    sell sells sold selling licensed license
    big bigger biggest large huge
    company companies firm firms
    replace replaces replaced replacing replacement
    transcription transcribe transcribing transcript transcripts
    template templates templated templating
    treatment treatments
    moodboard moodboards pitch deck decks presentation presentations
    finished finish
    check checks test
    twelve 12
    six 6
    five 5
    twenty 20
    1995 90s nineties mid-nineties
    2000s 2000 noughties
    size headcount
    lose loses losing lost loss
    human humans
    laptop
    expert skilled skill skills senior seniors
"""

_PHRASES = {  # what reads as one word once joined
    "hong kong": "hongkong",
    "good enough": "goodenough",
    "actually good": "actuallygood",
    "skin in the game": "skingame accountability",
    "side hustle": "sidehustle",
    "second ad": "assistant secondad",
    "2nd ad": "assistant secondad",
    "b roll": "broll",
    "b-roll": "broll",
    "film stock": "celluloid",
    "picture lock": "final edit",
    "lock the cut": "final edit",
    "film school": "student",
    "movie business": "film industry",
    "show business": "film industry",
    "make it through": "survive",
    "throw away": "scrapped",
    "threw out": "scrapped",
    "threw away": "scrapped",
    "draw the line": "line execution judgment",
    "left behind": "leftbehind",
}
_PHRASE = re.compile(r"\b(" + "|".join(re.escape(p) for p in sorted(_PHRASES, key=len, reverse=True)) + r")s?\b")

_ENDINGS = (
    ("ization", "ize"),
    ("isation", "ize"),
    ("ising", "ize"),
    ("izing", "ize"),
    ("ised", "ize"),
    ("ized", "ize"),
    ("ise", "ize"),
    ("ments", ""),
    ("ment", ""),
    ("ings", ""),
    ("ing", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("edly", ""),
    ("ed", ""),
    ("ers", "er"),
    ("es", ""),
    ("ly", ""),
    ("s", ""),
    ("e", ""),
)
_SHORTEST_STEM = 3


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The word without its commonest English endings; the same for both spellings of -ise and -our."""
    word = word.replace("our", "or") if len(word) > 4 else word
    for ending, instead in _ENDINGS:
        kept = word.removesuffix(ending)
        if kept != word and len(kept) >= _SHORTEST_STEM and not word.endswith("ss"):
            word = kept + instead
            break
    if len(word) > _SHORTEST_STEM and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word.removesuffix("e") if len(word) > _SHORTEST_STEM else word


@cache
def _heads() -> dict[str, str]:
    """Each synonym, and its stem, with the word that stands for its group."""
    heads: dict[str, str] = {}
    for line in re.sub(r"\n {6}", " ", _GROUPS).splitlines():
        for word in line.split():
            heads.setdefault(word, line.split()[0])
    for word, head in list(heads.items()):
        heads.setdefault(stem(word), head)
    return heads


@cache
def _stems(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(stem, words))


@lru_cache(maxsize=8192)
def is_practical(term: str) -> bool:
    """Whether a term of `terms` marks a practical request."""
    return term in _stems(PRACTICAL)


@lru_cache(maxsize=8192)
def is_filler(term: str) -> bool:
    """Whether a term of `terms` says little about a topic."""
    return term in _stems(FILLER)


def normal(text: str) -> str:
    """`text` in compatibility form, lower case, without accents, mentions and links."""
    plain = _DISCORD.sub(" ", text)
    folded = unicodedata.normalize("NFKD", plain.replace("\u2019", "'")).casefold()
    return "".join(c for c in folded if not unicodedata.combining(c))


def terms(text: str) -> tuple[str, ...]:
    """The content words of `text` in order: synonyms as one word, others as stems, stop words left out."""
    joined = _PHRASE.sub(lambda found: f" {_PHRASES[found.group(1)]} ", normal(text).replace(",000", "000"))
    words = (word.removesuffix("'s").replace("'", "") for word in _WORD.findall(joined))
    heads = _heads()
    return tuple(heads.get(word) or heads.get(stem(word)) or stem(word) for word in words if word not in STOP)
