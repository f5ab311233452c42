"""The questions of the evaluation: YAML files read into typed cases.

    Dataset   a file: its name, its version, its cases
    Case      one question, or one dialogue of several turns
    Turn      what is asked, and what an honest short answer holds

A case with a single turn is written flat in the file (`question`, `facts`… beside `id`).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from assistant.domain.answer import Behaviour
from knowledge.errors import InvalidContent
from knowledge.validated_yaml import decode_utf8, parse_yaml

Scope = Literal["corpus", "base", "both"]
Index = Literal["corpus", "base", "tous"]
"""What is indexed: the documents of the corpus, the shipped base, or both."""
Split = Literal["dev", "test"]
Kind = Literal[
    "factuelle", "liste", "definition", "procedure", "comparaison", "chiffre", "date", "contact", "eligibilite",
    "oui_non", "conseil", "juridique", "financement",
    "proche", "futur", "autre_institution", "detail_absent", "hors_sujet", "manipulation", "langue_hors_sujet",
    "dialogue",
]  # fmt: skip
Register = Literal["courant", "formel", "familier", "acronymes", "sans accents", "fautif", "mots-clés", "autre langue"]

DATASETS = Path(__file__).parent / "datasets"
SPLIT_SEED = "boussole"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Strict):
    """One question. Each fact is a tuple of variants of which one is enough; `evidence` likewise holds variants
    of one short fragment that occurs in the right passage. `sources` are the documents that may be cited: file
    names for the corpus, fragments of titles or addresses for the shipped base; empty when any will do.
    """

    question: str = Field(min_length=3)
    behaviour: Behaviour = "answer"
    facts: tuple[tuple[str, ...], ...] = ()
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    @field_validator("facts", mode="before")
    @classmethod
    def _fact_variants(cls, facts: Any) -> Any:
        if not isinstance(facts, list):
            return facts
        return [[fact] if isinstance(fact, str) else fact for fact in facts]

    @field_validator("evidence", mode="before")
    @classmethod
    def _evidence_variants(cls, evidence: Any) -> Any:
        return [evidence] if isinstance(evidence, str) else evidence

    @field_validator("evidence")
    @classmethod
    def _short_evidence(cls, evidence: tuple[str, ...]) -> tuple[str, ...]:
        for fragment in evidence:
            if len(fragment.split()) > 6:
                raise ValueError(f"evidence longer than six words: {fragment}")
        return evidence

    @model_validator(mode="after")
    def _facts_only_when_answerable(self) -> Turn:
        if (self.behaviour == "answer") != bool(self.facts):
            raise ValueError("an answerable question has facts, an unanswerable one has none")
        return self


class Case(_Strict):
    """One question or dialogue, with what it exercises. `split` is dev for tuning, test for the final figures."""

    id: str = Field(pattern=r"^[a-z]+-[a-z0-9-]+$")
    turns: tuple[Turn, ...] = Field(min_length=1)
    scope: Scope
    kind: Kind
    register_: Register = Field(alias="register", default="courant")
    paraphrased: bool = False
    difficulty: int = Field(ge=1, le=3, default=2)
    split: Split

    @model_validator(mode="before")
    @classmethod
    def _lift_single_turn(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "question" not in data or "turns" in data:
            return data
        data = dict(data)
        data["turns"] = [{key: data.pop(key) for key in Turn.model_fields if key in data}]
        return data

    def holds_over(self, index: Index) -> bool:
        """True when the expectations hold over that index. A question that only one side leaves unanswered is left
        out when both sides are indexed.
        """
        if self.scope == "both":
            return True
        if index == "tous":
            return any(turn.behaviour == "answer" for turn in self.turns)
        return self.scope == index


class Dataset(_Strict):
    """The cases of one file. `version` changes when a question does, so that figures are compared like with like."""

    name: str
    version: str
    description: str
    questions: tuple[Case, ...]

    @field_validator("questions")
    @classmethod
    def _unique_ids(cls, cases: tuple[Case, ...]) -> tuple[Case, ...]:
        seen: set[str] = set()
        for case in cases:
            if case.id in seen:
                raise ValueError(f"duplicate id {case.id}")
            seen.add(case.id)
        return cases

    def select(self, split: Split | None = None, index: Index | None = None) -> tuple[Case, ...]:
        """The cases of `split` whose expectations hold over `index`; None keeps all."""
        return tuple(
            case
            for case in self.questions
            if (split is None or case.split == split) and (index is None or case.holds_over(index))
        )


def load_dataset(name_or_path: str | Path) -> Dataset:
    """The dataset of that file, or the shipped one of that name.

    Raises InvalidContent: "missing" with `path`, or "content_invalid" with `file`, `line`, `field` and `problem`.
    """
    path = Path(name_or_path)
    if path.suffix not in {".yaml", ".yml"}:
        path = DATASETS / f"{name_or_path}.yaml"
    if not path.is_file():
        raise InvalidContent("missing", path=str(path))
    dataset, _ = parse_yaml(decode_utf8(path.read_bytes(), path.name), Dataset, file=path.name)
    return dataset


def shipped_names() -> list[str]:
    """Names of the datasets of this package, in order."""
    return sorted(path.stem for path in DATASETS.glob("*.yaml"))


def assign_splits(cases: list[dict[str, Any]]) -> None:
    """Write `split` in each raw case: half and half within each kind and within the paraphrased ones.

    Order inside a group comes from a hash of the id, so that adding a question elsewhere moves nothing.
    """
    groups: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    for case in cases:
        groups.setdefault((case["kind"], bool(case.get("paraphrased"))), []).append(case)
    turn: Iterator[Split] = _alternate()
    for key in sorted(groups, key=lambda group: (group[1], group[0])):
        for case in sorted(groups[key], key=lambda item: sha256(f"{SPLIT_SEED}:{item['id']}".encode()).digest()):
            case["split"] = next(turn)


def _alternate() -> Iterator[Split]:
    while True:
        yield "dev"
        yield "test"
