from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.api.server import run
from assistant.domain.errors import Unavailable
from assistant.settings import Settings


def test_a_port_in_use_is_said_before_anything_is_indexed(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Unavailable) as caught:
            run(Settings(data_dir=tmp_path / "data"), "127.0.0.1", port)
    assert (caught.value.code, caught.value.facts) == ("port_busy", {"host": "127.0.0.1", "port": port})
    assert not (tmp_path / "data").exists()
