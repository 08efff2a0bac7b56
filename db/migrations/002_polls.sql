-- Polls: the question with its counters (a tally never counts votes), each person's standing vote, and the history.
CREATE TABLE poll (
    guild_id        INTEGER NOT NULL,
    poll_id         INTEGER NOT NULL, -- 1, 2, 3 … in each server
    interaction_id  INTEGER NOT NULL UNIQUE, -- of the command that opened it: a repeat opens nothing new
    channel_id      INTEGER NOT NULL,
    message_id      INTEGER, -- of the ballot, once Discord has posted it
    opener_id       INTEGER NOT NULL,
    task            TEXT NOT NULL,
    details         TEXT NOT NULL,
    owner_role_id   INTEGER, -- the department that owns the task
    voter_role_id   INTEGER, -- who may vote; everyone who sees the ballot if NULL
    quorum          INTEGER NOT NULL,
    ballot          TEXT NOT NULL,
    salt            BLOB, -- of a secret ballot while it is open; destroyed at close
    opened_at       TEXT NOT NULL,
    closes_at       TEXT NOT NULL,
    closed_at       TEXT,
    closed_late     INTEGER NOT NULL DEFAULT 0,
    verdict         TEXT,
    ground          TEXT, -- the part of the rule that decided
    events          INTEGER NOT NULL, -- how many rows of poll_event there are
    execution       INTEGER NOT NULL DEFAULT 0, -- standing votes
    judgment        INTEGER NOT NULL DEFAULT 0,
    abstain         INTEGER NOT NULL DEFAULT 0,
    own_execution   INTEGER NOT NULL DEFAULT 0, -- of them, the owning department's
    own_judgment    INTEGER NOT NULL DEFAULT 0,
    own_abstain     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (guild_id, poll_id)
) STRICT;

CREATE INDEX poll_due ON poll (closes_at) WHERE closed_at IS NULL;

CREATE TABLE poll_vote (
    guild_id  INTEGER NOT NULL,
    poll_id   INTEGER NOT NULL,
    voter     TEXT NOT NULL, -- the user's id; a keyed hash of it on a secret ballot
    choice    TEXT NOT NULL,
    reason    TEXT,
    owner     INTEGER NOT NULL, -- 1 if the voter had the owning department's role when voting
    voted_at  TEXT NOT NULL,
    PRIMARY KEY (guild_id, poll_id, voter),
    FOREIGN KEY (guild_id, poll_id) REFERENCES poll (guild_id, poll_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE poll_hold (
    guild_id     INTEGER NOT NULL,
    poll_id      INTEGER NOT NULL,
    event_no     INTEGER NOT NULL, -- of the event that set it
    holder_id    INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    held_at      TEXT NOT NULL,
    lifted_at    TEXT,
    lifted_by    INTEGER,
    lift_reason  TEXT,
    PRIMARY KEY (guild_id, poll_id, event_no),
    FOREIGN KEY (guild_id, poll_id) REFERENCES poll (guild_id, poll_id)
) STRICT;

CREATE UNIQUE INDEX poll_hold_open ON poll_hold (guild_id, poll_id, holder_id) WHERE lifted_at IS NULL;

-- The history: one row for every change, never rewritten. A repeated interaction finds its row and changes nothing.
CREATE TABLE poll_event (
    guild_id        INTEGER NOT NULL,
    poll_id         INTEGER NOT NULL,
    event_no        INTEGER NOT NULL,
    interaction_id  INTEGER, -- NULL for what the clock did
    at              TEXT NOT NULL,
    kind            TEXT NOT NULL, -- open, cast, change, withdraw, reason, hold, lift, close
    person          TEXT, -- as poll_vote.voter
    choice          TEXT,
    owner           INTEGER,
    reason          TEXT,
    PRIMARY KEY (guild_id, poll_id, event_no),
    FOREIGN KEY (guild_id, poll_id) REFERENCES poll (guild_id, poll_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX poll_event_once ON poll_event (guild_id, poll_id, interaction_id)
WHERE interaction_id IS NOT NULL;

CREATE TRIGGER poll_event_stays BEFORE DELETE ON poll_event
BEGIN
    SELECT RAISE(ABORT, 'the history of a poll is append-only');
END;

-- Erasing a person may blank who and why; what happened and when stays.
CREATE TRIGGER poll_event_is_final BEFORE UPDATE ON poll_event
WHEN (NEW.person IS NOT NULL AND NEW.person IS NOT OLD.person)
    OR (NEW.reason IS NOT NULL AND NEW.reason IS NOT OLD.reason)
    OR NEW.guild_id IS NOT OLD.guild_id OR NEW.poll_id IS NOT OLD.poll_id OR NEW.event_no IS NOT OLD.event_no
    OR NEW.interaction_id IS NOT OLD.interaction_id OR NEW.at IS NOT OLD.at OR NEW.kind IS NOT OLD.kind
    OR NEW.choice IS NOT OLD.choice OR NEW.owner IS NOT OLD.owner
BEGIN
    SELECT RAISE(ABORT, 'the history of a poll is append-only');
END;
