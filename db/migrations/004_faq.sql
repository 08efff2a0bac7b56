-- What people said of answers, and questions for the moderators. Neither remembers who.
CREATE TABLE faq_feedback (
    guild_id        INTEGER NOT NULL,
    interaction_id  INTEGER NOT NULL,
    entry_id        TEXT NOT NULL,
    helpful         INTEGER NOT NULL,
    at              TEXT NOT NULL,
    PRIMARY KEY (guild_id, interaction_id)
) STRICT;

CREATE TABLE faq_question (
    guild_id     INTEGER NOT NULL,
    question_id  INTEGER NOT NULL, -- 1, 2, 3 … in each server
    topic        TEXT NOT NULL, -- the wording folded, so that the same question is one row
    wording      TEXT NOT NULL,
    PRIMARY KEY (guild_id, question_id),
    UNIQUE (guild_id, topic)
) STRICT;

CREATE TABLE faq_question_ask (
    guild_id        INTEGER NOT NULL,
    interaction_id  INTEGER NOT NULL,
    question_id     INTEGER NOT NULL,
    at              TEXT NOT NULL,
    PRIMARY KEY (guild_id, interaction_id),
    FOREIGN KEY (guild_id, question_id) REFERENCES faq_question (guild_id, question_id)
) STRICT;

CREATE INDEX faq_question_asked ON faq_question_ask (guild_id, question_id);
