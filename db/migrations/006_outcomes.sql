-- What stands for each closed poll in the server's line; the words themselves are in the decision log.
CREATE TABLE poll_outcome (
    guild_id        INTEGER NOT NULL,
    poll_id         INTEGER NOT NULL,
    task_key        TEXT NOT NULL, -- the task folded: a later outcome on the same task takes the place of this one
    entry_seq       INTEGER, -- the entry that stands for it; NULL for polls closed before outcomes were entries
    superseded_by   INTEGER, -- the poll that took its place
    decider_id      INTEGER, -- once recorded
    review_at       TEXT,
    review_told_at  TEXT, -- when the channel was told
    posted_at       TEXT, -- when the entry was posted to the decisions channel, or was not to be
    PRIMARY KEY (guild_id, poll_id),
    FOREIGN KEY (guild_id, poll_id) REFERENCES poll (guild_id, poll_id),
    FOREIGN KEY (guild_id, entry_seq) REFERENCES decision_entry (guild_id, seq)
) STRICT;

CREATE INDEX poll_outcome_of_task ON poll_outcome (guild_id, task_key) WHERE superseded_by IS NULL;
CREATE INDEX poll_outcome_superseding ON poll_outcome (guild_id, superseded_by) WHERE superseded_by IS NOT NULL;
CREATE INDEX poll_outcome_review ON poll_outcome (review_at)
WHERE review_at IS NOT NULL AND review_told_at IS NULL AND superseded_by IS NULL;
CREATE INDEX poll_outcome_unposted ON poll_outcome (guild_id, poll_id) WHERE posted_at IS NULL;
CREATE INDEX decision_entry_outcomes ON decision_entry (guild_id, seq) WHERE type = 'outcome';

-- The name that the opener went by: nobody can be asked for it when the clock closes the poll.
ALTER TABLE poll ADD COLUMN opener_name TEXT;

INSERT INTO poll_outcome (guild_id, poll_id, task_key, superseded_by, posted_at)
SELECT guild_id, poll_id, LOWER(task), LEAD(poll_id) OVER (PARTITION BY guild_id, LOWER(task) ORDER BY closed_at, poll_id),
       closed_at
FROM poll WHERE verdict IS NOT NULL;
