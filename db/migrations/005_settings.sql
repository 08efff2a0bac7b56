-- What each server has set for itself. NULL: never set, the default holds.
CREATE TABLE guild_setting (
    guild_id              INTEGER NOT NULL PRIMARY KEY,
    timezone              TEXT,
    decisions_channel_id  INTEGER,
    poll_minutes          INTEGER,
    poll_quorum           INTEGER,
    faq_visibility        TEXT,
    moderator_role_id     INTEGER
) STRICT;
