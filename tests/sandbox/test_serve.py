import signal
import urllib.error
import urllib.request
from http import HTTPStatus

import pytest

from tests.sandbox.conftest import address_of, start_sandbox


def test_ctrl_c_ends_the_sandbox_cleanly_while_a_channel_is_open() -> None:
    process = start_sandbox()
    address = address_of(process)
    with urllib.request.urlopen(address) as front:
        assert "Open a channel" in front.read().decode()
    with urllib.request.urlopen(f"{address}channel/crew") as chat:
        assert chat.status == HTTPStatus.OK
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert (process.returncode, errors) == (0, "")


def test_a_taken_port_is_reported_in_words(sandbox: str) -> None:
    port = sandbox.rstrip("/").rpartition(":")[2]
    output, errors = start_sandbox("--port", port).communicate()
    assert output == ""
    assert errors == f"circle-take: port {port} is taken; choose another with --port\n"


def test_an_impossible_port_is_reported_in_words() -> None:
    process = start_sandbox("--port", "70000")
    _, errors = process.communicate()
    assert process.returncode == 1
    assert errors.startswith("circle-take: port 70000 cannot be used")


@pytest.mark.parametrize("path", ["channel/nowhere", "nowhere"])
def test_what_is_not_there_is_not_found(sandbox: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised, urllib.request.urlopen(sandbox + path):
        pass
    raised.value.close()
    assert raised.value.code == HTTPStatus.NOT_FOUND
