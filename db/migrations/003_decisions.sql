-- The decision log: one chain of entries for each server. The record and the chain are described in domain/decision_log/chain.py.
CREATE TABLE decision_log (
    guild_id  INTEGER NOT NULL PRIMARY KEY,
    log_id    TEXT NOT NULL UNIQUE -- random; stands in every entry, so that no entry fits into another log
) STRICT;

CREATE TABLE decision_entry (
    guild_id        INTEGER NOT NULL,
    seq             INTEGER NOT NULL, -- 1, 2, 3 … in each server, without a gap
    type            TEXT NOT NULL,
    at              TEXT NOT NULL,
    interaction_id  INTEGER, -- NULL where no press stands behind the entry
    verdict         TEXT,
    request_seq     INTEGER, -- the sign-off that the entry belongs to; its own number for a request
    body            TEXT NOT NULL, -- exactly the text that is hashed
    hash            TEXT NOT NULL,
    PRIMARY KEY (guild_id, seq),
    FOREIGN KEY (guild_id) REFERENCES decision_log (guild_id)
) STRICT;

-- A repeated interaction finds its entry and adds nothing.
CREATE UNIQUE INDEX decision_entry_once ON decision_entry (guild_id, interaction_id, type)
WHERE interaction_id IS NOT NULL;
CREATE INDEX decision_entry_of_request ON decision_entry (guild_id, request_seq, seq) WHERE request_seq IS NOT NULL;
CREATE INDEX decision_entry_of_verdict ON decision_entry (guild_id, verdict, seq) WHERE verdict IS NOT NULL;
CREATE INDEX decision_entry_by_time ON decision_entry (at) WHERE request_seq IS NOT NULL;
CREATE INDEX decision_entry_questions ON decision_entry (guild_id, seq) WHERE type = 'question';
CREATE INDEX decision_entry_requests ON decision_entry (guild_id, seq) WHERE type = 'request';

-- What an entry's body only commits to. Erasing blanks a row: the entry and the chain stay as they are.
CREATE TABLE decision_part (
    guild_id   INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    part       TEXT NOT NULL CHECK (part IN ('who', 'work', 'text')),
    salt       TEXT, -- NULL once erased
    value      TEXT,
    person_id  INTEGER, -- who made the entry, beside 'who'
    piece_key  TEXT, -- what it is about, beside 'work'
    PRIMARY KEY (guild_id, seq, part),
    FOREIGN KEY (guild_id, seq) REFERENCES decision_entry (guild_id, seq),
    CHECK ((salt IS NULL) = (value IS NULL)),
    CHECK (salt IS NOT NULL OR (person_id IS NULL AND piece_key IS NULL))
) STRICT;

CREATE INDEX decision_part_by_person ON decision_part (guild_id, person_id, seq) WHERE person_id IS NOT NULL;
CREATE INDEX decision_part_of_piece ON decision_part (guild_id, piece_key, seq) WHERE piece_key IS NOT NULL;

CREATE VIEW decision AS
SELECT
    entry.guild_id, entry.seq, entry.type, entry.at, entry.interaction_id, entry.verdict, entry.request_seq,
    entry.body, entry.hash, previous.hash AS prev,
    who.salt AS who_salt, who.value AS who_value,
    work.salt AS work_salt, work.value AS work_value,
    text.salt AS text_salt, text.value AS text_value
FROM decision_entry AS entry
LEFT JOIN decision_entry AS previous ON previous.guild_id = entry.guild_id AND previous.seq = entry.seq - 1
LEFT JOIN decision_part AS who ON who.guild_id = entry.guild_id AND who.seq = entry.seq AND who.part = 'who'
LEFT JOIN decision_part AS work ON work.guild_id = entry.guild_id AND work.seq = entry.seq AND work.part = 'work'
LEFT JOIN decision_part AS text ON text.guild_id = entry.guild_id AND text.seq = entry.seq AND text.part = 'text';

CREATE TRIGGER decision_entry_in_order BEFORE INSERT ON decision_entry
WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM decision_entry WHERE guild_id = NEW.guild_id)
BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only: entries come in order');
END;

CREATE TRIGGER decision_entry_is_final BEFORE UPDATE ON decision_entry
BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only: entries never change');
END;

CREATE TRIGGER decision_entry_stays BEFORE DELETE ON decision_entry
BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only: entries stay');
END;

CREATE TRIGGER decision_part_comes_with_its_entry BEFORE INSERT ON decision_part
WHEN NEW.seq IS NOT (SELECT MAX(seq) FROM decision_entry WHERE guild_id = NEW.guild_id)
BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only: parts come with their entry');
END;

CREATE TRIGGER decision_part_is_final BEFORE UPDATE ON decision_part
WHEN NEW.guild_id IS NOT OLD.guild_id OR NEW.seq IS NOT OLD.seq OR NEW.part IS NOT OLD.part
    OR NEW.salt IS NOT NULL OR NEW.value IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only: a part can be erased, never changed');
END;

CREATE TRIGGER decision_part_stays BEFORE DELETE ON decision_part
BEGIN
    SELECT RAISE(ABORT, 'the decision log is append-only: parts stay');
END;

-- Where the card of a sign-off was posted.
CREATE TABLE signoff_message (
    guild_id     INTEGER NOT NULL,
    request_seq  INTEGER NOT NULL,
    channel_id   INTEGER NOT NULL,
    message_id   INTEGER NOT NULL,
    PRIMARY KEY (guild_id, request_seq),
    FOREIGN KEY (guild_id, request_seq) REFERENCES decision_entry (guild_id, seq)
) STRICT;

-- What stands on the slate of a sign-off whose form is still open on somebody's screen.
CREATE TABLE signoff_draft (
    guild_id        INTEGER NOT NULL,
    interaction_id  INTEGER NOT NULL, -- of the command that opened the form
    author_id       INTEGER NOT NULL,
    at              TEXT NOT NULL,
    piece           TEXT NOT NULL,
    cut             INTEGER NOT NULL,
    link            TEXT NOT NULL,
    signers         TEXT NOT NULL, -- JSON: {"users": [{"id", "name", "roles"}], "roles": [id]}
    PRIMARY KEY (guild_id, interaction_id)
) STRICT;

CREATE INDEX signoff_draft_by_age ON signoff_draft (at);
