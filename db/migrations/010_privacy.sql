-- Servers that the bot was removed from: all that is kept of them goes 30 days later, unless it is invited again.
CREATE TABLE left_server (
    guild_id  INTEGER NOT NULL PRIMARY KEY,
    left_at   TEXT NOT NULL
) STRICT;

-- What stays of a log that was purged: enough to recognise an old export, and nothing about anybody.
CREATE TABLE purged_log (
    log_id     TEXT NOT NULL PRIMARY KEY,
    entries    INTEGER NOT NULL,
    head       TEXT NOT NULL,
    purged_at  TEXT NOT NULL
) STRICT;

-- Erasures that somebody has confirmed; each row goes with the unit of work that carries it out.
CREATE TABLE erasure_due (
    guild_id   INTEGER NOT NULL,
    person_id  INTEGER NOT NULL,
    asked_at   TEXT NOT NULL,
    PRIMARY KEY (guild_id, person_id)
) STRICT;

-- What an erasure leaves to do outside the database: cards to draw anew, moderators to tell. It names nobody.
CREATE TABLE erasure_followup (
    guild_id  INTEGER NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('poll', 'signoff', 'notice')),
    number    INTEGER NOT NULL, -- of the poll, the sign-off, or the entry that accounts for the erasure
    at        TEXT NOT NULL,
    PRIMARY KEY (guild_id, kind, number)
) STRICT;

CREATE INDEX decision_entry_anchors ON decision_entry (guild_id, seq) WHERE type = 'anchor';
CREATE INDEX decision_entry_voids ON decision_entry (guild_id, seq) WHERE type = 'void';
