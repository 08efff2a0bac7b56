-- A server's own FAQ. Every change is numbered, and what it did to each thing stays, so that it can be undone.
CREATE TABLE faq_change (
    guild_id        INTEGER NOT NULL,
    change_id       INTEGER NOT NULL, -- 1, 2, 3 … in each server: the version of its FAQ
    interaction_id  INTEGER NOT NULL,
    editor_id       INTEGER, -- NULL once erased
    at              TEXT NOT NULL,
    kind            TEXT NOT NULL,
    undoes          INTEGER, -- the change that this one took back
    PRIMARY KEY (guild_id, change_id),
    UNIQUE (guild_id, interaction_id)
) STRICT;

CREATE TABLE faq_revision (
    guild_id   INTEGER NOT NULL,
    subject    TEXT NOT NULL CHECK (subject IN ('entry', 'decoy', 'question')),
    key        TEXT NOT NULL, -- an entry's id, a decoy's wording folded, a queued question's number
    change_id  INTEGER NOT NULL,
    before     TEXT, -- NULL: nothing of the kind
    after      TEXT,
    PRIMARY KEY (guild_id, subject, key, change_id),
    FOREIGN KEY (guild_id, change_id) REFERENCES faq_change (guild_id, change_id)
) STRICT;

CREATE INDEX faq_revision_of_change ON faq_revision (guild_id, change_id);

CREATE TRIGGER faq_change_is_final BEFORE UPDATE ON faq_change
WHEN NEW.editor_id IS NOT NULL OR NEW.guild_id IS NOT OLD.guild_id OR NEW.change_id IS NOT OLD.change_id
    OR NEW.interaction_id IS NOT OLD.interaction_id OR NEW.at IS NOT OLD.at OR NEW.kind IS NOT OLD.kind
    OR NEW.undoes IS NOT OLD.undoes
BEGIN
    SELECT RAISE(ABORT, 'the history of the FAQ is append-only: an editor can be erased, nothing else changes');
END;

CREATE TRIGGER faq_change_stays BEFORE DELETE ON faq_change
BEGIN
    SELECT RAISE(ABORT, 'the history of the FAQ is append-only: changes stay');
END;

CREATE TRIGGER faq_revision_is_final BEFORE UPDATE ON faq_revision
BEGIN
    SELECT RAISE(ABORT, 'the history of the FAQ is append-only: revisions never change');
END;

CREATE TRIGGER faq_revision_stays BEFORE DELETE ON faq_revision
BEGIN
    SELECT RAISE(ABORT, 'the history of the FAQ is append-only: revisions stay');
END;

-- What the revisions come to now. An entry is JSON, or 'null' where the server hides an essay's entry.
CREATE TABLE faq_standing (
    guild_id  INTEGER NOT NULL,
    subject   TEXT NOT NULL,
    key       TEXT NOT NULL,
    value     TEXT NOT NULL,
    PRIMARY KEY (guild_id, subject, key)
) STRICT;

-- What a form or a file said until it is sent again or confirmed; swept after a day.
CREATE TABLE faq_draft (
    guild_id        INTEGER NOT NULL,
    interaction_id  INTEGER NOT NULL,
    author_id       INTEGER NOT NULL,
    at              TEXT NOT NULL,
    content         TEXT NOT NULL,
    PRIMARY KEY (guild_id, interaction_id)
) STRICT;

CREATE INDEX faq_draft_of_author ON faq_draft (guild_id, author_id);
CREATE INDEX faq_draft_at ON faq_draft (at);

-- The wordings of a queued question, each folded once in a server. A question that faq_standing knows is closed.
CREATE TABLE faq_wording (
    guild_id     INTEGER NOT NULL,
    topic        TEXT NOT NULL,
    question_id  INTEGER NOT NULL,
    wording      TEXT NOT NULL,
    PRIMARY KEY (guild_id, topic),
    FOREIGN KEY (guild_id, question_id) REFERENCES faq_question (guild_id, question_id)
) STRICT;

CREATE INDEX faq_wording_of ON faq_wording (guild_id, question_id);
INSERT INTO faq_wording SELECT guild_id, topic, question_id, wording FROM faq_question;

-- People who asked to be told; deleted when they have been told, or when the question is closed without an answer.
CREATE TABLE faq_waiting (
    guild_id     INTEGER NOT NULL,
    question_id  INTEGER NOT NULL,
    user_id      INTEGER NOT NULL,
    channel_id   INTEGER NOT NULL,
    entry_id     TEXT, -- what answers the question, once it is answered
    PRIMARY KEY (guild_id, question_id, user_id),
    FOREIGN KEY (guild_id, question_id) REFERENCES faq_question (guild_id, question_id)
) STRICT;

CREATE INDEX faq_waiting_due ON faq_waiting (guild_id) WHERE entry_id IS NOT NULL;

-- How often the FAQ was asked on a day; nobody's name, nobody's words.
CREATE TABLE faq_count (
    guild_id  INTEGER NOT NULL,
    day       TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    entry_id  TEXT NOT NULL, -- '' unless the outcome is an answer
    asked     INTEGER NOT NULL,
    PRIMARY KEY (guild_id, day, outcome, entry_id)
) STRICT;

CREATE INDEX faq_count_day ON faq_count (day);

-- One card counts once for an entry, however often it is pressed.
ALTER TABLE faq_feedback ADD COLUMN message_id INTEGER;
CREATE UNIQUE INDEX faq_feedback_card ON faq_feedback (guild_id, message_id, entry_id);
CREATE INDEX faq_feedback_at ON faq_feedback (at);
