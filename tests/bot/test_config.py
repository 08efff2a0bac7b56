"""The configuration: defaults, and a sentence for every mistake."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.config import DISCORD_API, SETTINGS, Config, ConfigError

TOKEN = "MTA4ODk2NDU1MDA0NTY3ODkw.GabcDE.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"


def faults_of(dotenv: dict[str, str | None] | None = None, **environ: str) -> list[str]:
    """Return the sentences about these settings; the token is valid by default."""
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"DISCORD_TOKEN": TOKEN} | environ, dotenv=dotenv)
    return caught.value.faults


def test_a_token_alone_is_enough() -> None:
    config = Config.from_env({"DISCORD_TOKEN": TOKEN})
    assert (config.token, config.api_url, config.log_level, config.log_format) == (TOKEN, DISCORD_API, "INFO", "text")
    assert str(config.database_path) == "data/circle-take.sqlite3"
    assert (config.dev_guild_id, config.shard_count, config.shard_ids, config.metrics_port) == (None, None, None, None)


def test_every_setting_is_read() -> None:
    config = Config.from_env(
        {
            "DISCORD_TOKEN": f"  {TOKEN} ",
            "DATABASE_PATH": "/srv/take.sqlite3",
            "DISCORD_API_URL": "http://127.0.0.1:8080/api/v10/",
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "JSON",
            "DEV_GUILD_ID": "123456789012345678",
            "SHARD_COUNT": "4",
            "SHARD_IDS": "0, 3",
            "METRICS_PORT": "9100",
        }
    )
    assert (config.token, str(config.database_path)) == (TOKEN, "/srv/take.sqlite3")
    assert (config.api_url, config.log_level, config.log_format) == ("http://127.0.0.1:8080/api/v10", "DEBUG", "json")
    assert (config.dev_guild_id, config.shard_count, config.shard_ids) == (123456789012345678, 4, (0, 3))
    assert config.metrics_port == 9100


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("DISCORD_TOKEN", "", "DISCORD_TOKEN is missing. Copy .env.example to .env"),
        ("DISCORD_TOKEN", "0123456789abcdef", "does not look like a bot token"),
        ("DISCORD_TOKEN", f"Bot {TOKEN}", "does not look like a bot token"),
        ("DISCORD_API_URL", "discord.com", "DISCORD_API_URL must be a base address"),
        ("DISCORD_API_URL", "ftp://discord.com/api/v10", "DISCORD_API_URL must be a base address"),
        ("DISCORD_API_URL", "http://127.0.0.1:99999/api/v10", "DISCORD_API_URL must be a base address"),
        ("DISCORD_API_URL", "http://127.0.0.1:port/api/v10", "DISCORD_API_URL must be a base address"),
        ("DISCORD_API_URL", "http://[broken/api/v10", "DISCORD_API_URL must be a base address"),
        ("DISCORD_API_URL", "https://me:secret@discord.com/api/v10", "DISCORD_API_URL must be a base address"),
        ("DISCORD_API_URL", "https://discord..com/api/v10", "DISCORD_API_URL must be a base address"),
        ("DATABASE_PATH", ".", "DATABASE_PATH must name a file"),
        ("DATABASE_PATH", "/", "DATABASE_PATH must name a file"),
        ("DATABASE_PATH", "..", "DATABASE_PATH must name a file"),
        ("BACKUP_PATH", "a\0b", "BACKUP_PATH holds a character that no path can have."),
        ("LOG_LEVEL", "loud", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, not 'loud'."),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be one of text, json, not 'xml'."),
        ("DEV_GUILD_ID", "my server", "DEV_GUILD_ID must be a whole number"),
        ("DEV_GUILD_ID", "0", "DEV_GUILD_ID must be a whole number"),
        ("DEV_GUILD_ID", "١٢٣", "DEV_GUILD_ID must be a whole number"),
        ("SHARD_COUNT", "-1", "SHARD_COUNT must be a whole number"),
        ("SHARD_IDS", "0,1", "SHARD_IDS needs SHARD_COUNT"),
        ("SHARD_IDS", "0,0", "SHARD_IDS must be different whole numbers"),
        ("SHARD_IDS", "0;1", "SHARD_IDS must be different whole numbers"),
        ("METRICS_PORT", "65536", "METRICS_PORT must be a whole number from 1 to 65535"),
    ],
)
def test_a_mistake_is_one_sentence(setting: str, value: str, words: str) -> None:
    (fault,) = faults_of(None, **{setting: value})
    assert words in fault


def test_a_shard_beyond_the_count_is_refused() -> None:
    assert "below it" in faults_of(SHARD_COUNT="2", SHARD_IDS="2")[0]


def test_all_mistakes_are_reported_at_once() -> None:
    faults = faults_of({"DISCORD_TOKE": TOKEN}, DISCORD_TOKEN="", LOG_LEVEL="loud", METRICS_PORT="none")
    assert len(faults) == 4


def test_an_unknown_setting_in_the_file_is_a_mistake_with_a_hint() -> None:
    assert "Did you mean DATABASE_PATH?" in faults_of({"DATABSE_PATH": "x"})[0]
    assert "Known are DISCORD_TOKEN" in faults_of({"COLOUR": "x"})[0]


def test_other_programs_settings_in_the_environment_are_ignored() -> None:
    assert Config.from_env({"DISCORD_TOKEN": TOKEN, "PATH": "/bin", "LOG": "x"}).token == TOKEN


def test_the_environment_wins_over_the_file() -> None:
    config = Config.from_env({"LOG_LEVEL": "ERROR"}, dotenv={"DISCORD_TOKEN": TOKEN, "LOG_LEVEL": "DEBUG"})
    assert (config.token, config.log_level) == (TOKEN, "ERROR")


@pytest.mark.parametrize(
    "url", ["http://[::1]:8080/api/v10", "http://discord_proxy/api/v10", "https://discord.com/api/v9"]
)
def test_another_discord_may_be_at_any_address(url: str) -> None:
    assert Config.from_env({"DISCORD_TOKEN": TOKEN, "DISCORD_API_URL": url}).api_url == url


@pytest.mark.parametrize("name", [TOKEN, *TOKEN.split("."), f"DISCORD_TOKEN:{TOKEN}", TOKEN.lower()])
def test_a_token_on_the_wrong_side_of_the_sign_is_not_repeated(name: str) -> None:
    (fault,) = faults_of({name: ""})
    assert name not in fault
    assert "A name in .env is not a setting of Circle Take." in fault


def test_a_call_that_never_connects_needs_no_token() -> None:
    assert Config.from_env({}, need_token=False).token == ""


def test_a_token_never_shows() -> None:
    assert TOKEN not in repr(Config.from_env({"DISCORD_TOKEN": TOKEN}))
    assert not any(TOKEN in fault for fault in faults_of({"DISCORD_TOKENS": TOKEN}, LOG_LEVEL="loud"))


numerals = st.sampled_from(["0", "1,2", "²", "9" * 5000])
junk = st.none() | st.text(max_size=80) | numerals | st.sampled_from([TOKEN, "https://x/api/v1", "~x"])
secrets = st.from_regex(r"[A-Za-z0-9_-]{8,60}", fullmatch=True)


@given(st.dictionaries(st.sampled_from(SETTINGS), junk), st.dictionaries(st.sampled_from(SETTINGS) | st.text(), junk))
@example({"DISCORD_TOKEN": TOKEN, "DATABASE_PATH": "~nobody-of-that-name/x"}, {})
@example({"DISCORD_TOKEN": TOKEN, "DEV_GUILD_ID": "9" * 5000}, {})
@example({"DISCORD_TOKEN": TOKEN, "SHARD_IDS": "1", "SHARD_COUNT": "9" * 5000}, {})
def test_junk_is_either_a_configuration_or_a_list_of_mistakes(
    environ: dict[str, str | None], dotenv: dict[str, str | None]
) -> None:
    faults: list[str] = []
    try:
        token = Config.from_env(environ, dotenv=dotenv).token
    except ConfigError as error:
        token, faults = "", error.faults
    assert (token == TOKEN) is not bool(faults)
    assert all(fault.endswith((".", "?", ")")) for fault in faults)


@given(secrets)
def test_whatever_is_given_as_a_token_is_not_repeated(secret: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_env({"DISCORD_TOKEN": secret + "!"})
    assert secret not in str(caught.value)
