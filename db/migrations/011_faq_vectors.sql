-- What the ranking by meaning makes of a server's own texts, so that a restart reads none of them anew. No text: SHA-256
-- of it. Exactly those of the server's present entries and decoys; the others are deleted when they change.
CREATE TABLE faq_vector (
    guild_id   INTEGER NOT NULL,
    model      TEXT NOT NULL,
    text_hash  BLOB NOT NULL,
    vectors    BLOB NOT NULL, -- signed bytes: the text's vector, then those of its tokens
    PRIMARY KEY (guild_id, model, text_hash)
) STRICT, WITHOUT ROWID;
