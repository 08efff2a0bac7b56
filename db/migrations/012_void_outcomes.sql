-- A void outcome counts no more: what it had superseded stands again.
ALTER TABLE poll_outcome ADD COLUMN void_by INTEGER; -- the mark that took the poll out of the line
ALTER TABLE poll_outcome ADD COLUMN restored_by INTEGER; -- the mark by which it, or an earlier entry of it, stands again
ALTER TABLE poll_outcome ADD COLUMN changed_by INTEGER; -- the newest mark that changed its card

CREATE INDEX poll_outcome_changed ON poll_outcome (guild_id, changed_by) WHERE changed_by IS NOT NULL;

CREATE INDEX decision_entry_of_poll ON decision_entry (guild_id, JSON_EXTRACT(body, '$.facts.poll'), seq)
WHERE type = 'outcome';

CREATE VIEW outcome_entry AS
SELECT guild_id, seq, body, JSON_EXTRACT(body, '$.facts.poll') AS poll_id, JSON_EXTRACT(body, '$.facts.stage') AS stage
FROM decision_entry WHERE type = 'outcome';

CREATE VIEW void_outcome AS
SELECT entry.guild_id, entry.seq, entry.poll_id, entry.stage, mark.seq AS mark, mark.at
FROM decision_entry AS mark
JOIN outcome_entry AS entry ON entry.guild_id = mark.guild_id AND entry.seq = JSON_EXTRACT(mark.body, '$.refs.voids')
WHERE mark.type = 'void';

-- Which entry takes the place of which other poll's; `mark` is what made the entry void.
CREATE VIEW outcome_replacing AS
SELECT entry.guild_id, entry.poll_id AS by_poll, named.poll_id, void.mark
FROM outcome_entry AS entry
JOIN JSON_EACH(entry.body, '$.refs.supersedes') AS ref
JOIN outcome_entry AS named ON named.guild_id = entry.guild_id AND named.seq = ref.value
LEFT JOIN void_outcome AS void ON void.guild_id = entry.guild_id AND void.seq = entry.seq
WHERE named.poll_id <> entry.poll_id;

-- What stands for each poll whose current entry is void: its newest one that is not; NULL for an older poll without one.
CREATE VIEW outcome_restored AS
SELECT outcome.guild_id, outcome.poll_id, void.mark, void.at, (
    SELECT MAX(entry.seq) FROM outcome_entry AS entry
    WHERE entry.guild_id = outcome.guild_id AND entry.poll_id = outcome.poll_id
    AND NOT EXISTS (SELECT 1 FROM void_outcome AS other WHERE other.guild_id = entry.guild_id AND other.seq = entry.seq)
) AS seq
FROM poll_outcome AS outcome
JOIN void_outcome AS void ON void.guild_id = outcome.guild_id AND void.seq = outcome.entry_seq
WHERE outcome.void_by IS NULL;

-- Inserting a server here makes its outcomes what they are without those that are void.
CREATE VIEW outcome_recount AS SELECT NULL AS guild_id;

CREATE TRIGGER outcome_recount_now INSTEAD OF INSERT ON outcome_recount
BEGIN
    UPDATE poll_outcome SET void_by = void.mark, superseded_by = NULL, posted_at = COALESCE(posted_at, void.at)
    FROM void_outcome AS void
    WHERE void.guild_id = NEW.guild_id AND void.stage = 'closed' AND poll_outcome.void_by IS NULL
    AND poll_outcome.guild_id = void.guild_id AND poll_outcome.poll_id = void.poll_id;

    UPDATE poll_outcome SET
        entry_seq = back.seq,
        restored_by = back.mark,
        posted_at = COALESCE(posted_at, back.at),
        decider_id = (
            SELECT NULLIF(CAST(JSON_EXTRACT(who.value, '$.decider.id') AS INTEGER), 0) FROM decision_part AS who
            WHERE who.guild_id = back.guild_id AND who.seq = back.seq AND who.part = 'who'
        ),
        review_at = (
            SELECT JSON_EXTRACT(entry.body, '$.facts.review') FROM outcome_entry AS entry
            WHERE entry.guild_id = back.guild_id AND entry.seq = back.seq
        ),
        review_told_at = ( -- it was told if its day came before the next record
            SELECT JSON_EXTRACT(later.body, '$.at') FROM outcome_entry AS entry
            JOIN outcome_entry AS later
                ON later.guild_id = entry.guild_id AND later.poll_id = entry.poll_id AND later.seq > entry.seq
            WHERE entry.guild_id = back.guild_id AND entry.seq = back.seq
            AND JSON_EXTRACT(entry.body, '$.facts.review') <= JSON_EXTRACT(later.body, '$.at')
            ORDER BY later.seq LIMIT 1
        )
    FROM outcome_restored AS back
    WHERE back.guild_id = NEW.guild_id
    AND poll_outcome.guild_id = back.guild_id AND poll_outcome.poll_id = back.poll_id;

    -- What a void outcome had superseded stands again, unless a later poll on the same task takes its place.
    UPDATE poll_outcome SET
        superseded_by = (
            SELECT later.poll_id FROM poll_outcome AS later
            JOIN poll AS closed ON closed.guild_id = later.guild_id AND closed.poll_id = later.poll_id
            JOIN poll AS own ON own.guild_id = poll_outcome.guild_id AND own.poll_id = poll_outcome.poll_id
            LEFT JOIN outcome_entry AS entry
                ON entry.guild_id = later.guild_id AND entry.poll_id = later.poll_id AND entry.stage = 'closed'
            LEFT JOIN outcome_entry AS first
                ON first.guild_id = own.guild_id AND first.poll_id = own.poll_id AND first.stage = 'closed'
            WHERE later.guild_id = poll_outcome.guild_id AND later.task_key = poll_outcome.task_key AND later.void_by IS NULL
            AND (COALESCE(entry.seq, 0), closed.closed_at, closed.poll_id)
                > (COALESCE(first.seq, 0), own.closed_at, own.poll_id)
            ORDER BY COALESCE(entry.seq, 0), closed.closed_at, closed.poll_id LIMIT 1
        ),
        restored_by = (
            SELECT MAX(void.mark) FROM void_outcome AS void
            WHERE void.guild_id = poll_outcome.guild_id AND void.poll_id = poll_outcome.superseded_by
        )
    WHERE guild_id = NEW.guild_id
    AND superseded_by IN (SELECT void.poll_id FROM void_outcome AS void WHERE void.guild_id = NEW.guild_id)
    AND (
        EXISTS (
            SELECT 1 FROM poll_outcome AS by_poll
            WHERE by_poll.guild_id = poll_outcome.guild_id AND by_poll.poll_id = poll_outcome.superseded_by
            AND by_poll.void_by IS NOT NULL
        )
        OR EXISTS (
            SELECT 1 FROM outcome_replacing AS taken
            WHERE taken.guild_id = poll_outcome.guild_id AND taken.by_poll = poll_outcome.superseded_by
            AND taken.poll_id = poll_outcome.poll_id
            GROUP BY taken.poll_id HAVING COUNT(taken.mark) = COUNT(*)
        )
        OR entry_seq IS NULL AND EXISTS (
            SELECT 1 FROM poll_outcome AS by_poll
            JOIN outcome_entry AS record ON record.guild_id = by_poll.guild_id AND record.poll_id = by_poll.poll_id
            LEFT JOIN void_outcome AS void ON void.guild_id = record.guild_id AND void.seq = record.seq
            WHERE by_poll.guild_id = poll_outcome.guild_id AND by_poll.poll_id = poll_outcome.superseded_by
            AND by_poll.task_key <> poll_outcome.task_key AND record.stage = 'recorded'
            GROUP BY by_poll.poll_id HAVING COUNT(void.mark) = COUNT(*)
        )
    );
END;

INSERT INTO outcome_recount SELECT DISTINCT guild_id FROM void_outcome;
