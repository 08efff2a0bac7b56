-- Polls that are extended or cancelled, holds that name their owner, and outcomes whose channel has yet to be told.
ALTER TABLE poll ADD COLUMN cancelled_by INTEGER; -- of a cancelled poll, which is closed without a verdict
ALTER TABLE poll ADD COLUMN cancel_reason TEXT;
ALTER TABLE poll ADD COLUMN announced_at TEXT; -- when its channel was told how it ended
UPDATE poll SET announced_at = closed_at;
CREATE INDEX poll_unannounced ON poll (closed_at) WHERE closed_at IS NOT NULL AND announced_at IS NULL;

ALTER TABLE poll_hold ADD COLUMN holder_name TEXT; -- as shown when the hold was placed

-- new kinds of event: extend, cancel, post (a fresh ballot)
ALTER TABLE poll_event ADD COLUMN closes_before TEXT; -- of an extension: the deadline it moved
ALTER TABLE poll_event ADD COLUMN closes_after TEXT;

CREATE TRIGGER poll_event_deadlines_are_final BEFORE UPDATE ON poll_event
WHEN NEW.closes_before IS NOT OLD.closes_before OR NEW.closes_after IS NOT OLD.closes_after
BEGIN
    SELECT RAISE(ABORT, 'the history of a poll is append-only');
END;

-- A verdict is never given to what was cancelled, and what was cancelled stays so.
CREATE TRIGGER poll_cancelled_stays BEFORE UPDATE ON poll
WHEN OLD.cancelled_by IS NOT NULL AND (NEW.verdict IS NOT NULL OR NEW.closed_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'a cancelled poll stays cancelled');
END;
