-- What the program itself remembers between two starts (the hash of the registered commands, say).
CREATE TABLE app_state (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
