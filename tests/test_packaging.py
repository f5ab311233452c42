"""The wheel works outside the checkout: built, installed in a new environment, asked a question."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
from real_command import ROOT

PACKAGES = ("assistant", "knowledge", "eval", "prompts")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the sources, since setuptools leaves its `build` folder where it works."""
    copy = tmp_path_factory.mktemp("sources")
    for name in PACKAGES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    out = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", out, copy)
    (built,) = out.glob("boussole-*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel; it borrows the libraries of this one, not the project's files."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    site = Path(run(folder / "bin" / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    run(sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install", "--quiet", "--no-deps", wheel)
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def run(*command: object, cwd: Path | None = None) -> str:
    """What the command prints. No PYTHONPATH: the project is found where it is installed, or not at all."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=environment, capture_output=True, encoding="utf-8", timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_project(wheel: Path) -> None:
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    held = set(zipfile.ZipFile(wheel).namelist())
    assert expected <= held
    assert {"knowledge/content/glossaire.yaml", "assistant/ui/static/boussole.css", "eval/gate.yaml"} <= held
    assert any(name.startswith("knowledge/content/droit/") for name in held)
    assert any(name.endswith("licenses/LICENSE") for name in held)
    assert not {name for name in held if name.startswith(("tests/", "docs/"))}


def test_the_installed_command_answers_from_its_own_files(environment: Path, tmp_path: Path) -> None:
    python, boussole = environment / "bin" / "python", environment / "bin" / "boussole"
    for module in ("assistant", "knowledge", "eval"):
        found = run(python, "-c", f"import {module}; print({module}.__file__)", cwd=tmp_path)
        assert Path(found.strip()).is_relative_to(environment)

    (tmp_path / "boreale.txt").write_text(
        "La charte Boréale est signée pour une durée de sept ans par les communes partenaires.", encoding="utf-8"
    )
    data = ("--data-dir", tmp_path / "data")
    run(boussole, "index", "boreale.txt", "--no-builtin", *data, cwd=tmp_path)
    question = "Pour quelle durée la charte Boréale est-elle signée ?"
    answer = json.loads(run(boussole, "ask", question, "--json", *data, cwd=tmp_path))
    assert answer["behaviour"] == "answer" and "sept ans" in answer["answer"]

    assert "fiches valides" in run(boussole, "doctor", *data, cwd=tmp_path)


def test_the_commands_of_the_evaluation_are_installed_with_it(environment: Path, tmp_path: Path) -> None:
    shown = run(environment / "bin" / "boussole", "--help", cwd=tmp_path)
    assert all(command in shown for command in ("serve", "ask", "eval", "gate", "bench"))


def test_the_exact_versions_cover_every_dependency_and_name_no_place() -> None:
    import tomllib

    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [Requirement(line) for line in lines if not line.startswith("#")]
    assert all(str(requirement.specifier).startswith("==") and requirement.url is None for requirement in pinned)
    versions = {canonical(one.name): str(one.specifier).removeprefix("==") for one in pinned}
    extras = project["optional-dependencies"]
    for text in (*project["dependencies"], *extras["ocr"], *extras["test"]):
        wanted = Requirement(text)
        assert wanted.specifier.contains(versions[canonical(wanted.name)]), text
    assert "torch" not in versions


def canonical(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
