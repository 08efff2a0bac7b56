"""The rows of what the program remembers about itself, for `db/engine/app_state.py` and for units of work of others."""

GET = "SELECT value FROM app_state WHERE name = ?"
PUT = "INSERT INTO app_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
KEEP = "INSERT INTO app_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
DROP = "DELETE FROM app_state WHERE name = ? AND value = ?"
