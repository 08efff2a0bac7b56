-- What the form of a sign-off shows first, and what was in it when it was refused. JSON: uses, tools, client_told, flags.
ALTER TABLE signoff_draft ADD COLUMN form TEXT NOT NULL DEFAULT '{}';

-- Policies are read from the log itself: there are few, and nothing can drift from it.
CREATE INDEX decision_entry_policies ON decision_entry (guild_id, seq) WHERE type = 'policy';

-- When names are due on a cut. It is no decision, so the log does not have it.
CREATE TABLE signoff_due (
    guild_id     INTEGER NOT NULL,
    request_seq  INTEGER NOT NULL,
    due_at       TEXT, -- NULL once it was taken off
    remind_at    TEXT, -- NULL if it was too late for a reminder when the due time was set
    reminded_at  TEXT, -- once set it stays: nobody is reminded twice
    PRIMARY KEY (guild_id, request_seq),
    FOREIGN KEY (guild_id, request_seq) REFERENCES decision_entry (guild_id, seq)
) STRICT;

CREATE INDEX signoff_due_next ON signoff_due (remind_at) WHERE remind_at IS NOT NULL AND reminded_at IS NULL;
