"""The statements of `app_state`, for its store and for the modules below it."""

GET = "SELECT value FROM app_state WHERE name = ?"
PUT = "INSERT INTO app_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
PUT_IF_MISSING = "INSERT INTO app_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING"
DROP = "DELETE FROM app_state WHERE name = ? AND value = ?"
