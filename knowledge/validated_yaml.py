"""YAML checked against a pydantic model, whose errors name the file, the line and the field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.errors import InvalidContent

Model = TypeVar("Model", bound=BaseModel)


# The C parser, ten times faster, is missing from a PyYAML built without libyaml.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _PlainDates(_Loader):
    """Leaves 2026-11-24 a string: the model says which fields are dates."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def decode_utf8(raw: bytes, file: str) -> str:
    """The text of `raw`. Raises InvalidContent with the line of the first byte that is not UTF-8."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        raise InvalidContent("content_invalid", file=file, line=line, field="", problem="not_utf8") from exc


def parse_yaml(text: str, model: type[Model], *, file: str, first_line: int = 1) -> tuple[Model, yaml.Node]:
    """The object described by `text`, and its YAML node, from which `line_of` finds the line of any field.

    `first_line` is the line of the file on which `text` starts. Raises InvalidContent whose `problem` is
    "yaml_syntax", "duplicate_key", "empty" or the pydantic error type ("extra_forbidden", "missing"…).
    """
    loader = _PlainDates(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise InvalidContent("content_invalid", file=file, line=first_line, field="", problem="empty")
        _refuse_duplicate_keys(node, file, first_line)
        data = loader.construct_document(node)
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise InvalidContent("content_invalid", file=file, line=line, field="", problem="yaml_syntax") from exc
    finally:
        loader.dispose()
    try:
        return model.model_validate(data), node
    except ValidationError as exc:
        errors = exc.errors(include_url=False)
        # A misspelt key is also a missing one: the misspelling is what to correct.
        error = next((each for each in errors if each["type"] == "extra_forbidden"), errors[0])
        location = error["loc"]
        # A validator of the model names its own error: "until_before_from" rather than "value_error".
        problem = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["type"]
        raise InvalidContent(
            "content_invalid",
            file=file,
            line=line_of(node, location, first_line),
            field=".".join(str(part) for part in location),
            problem=problem,
        ) from exc


def line_of(node: yaml.Node, location: Sequence[str | int], first_line: int = 1) -> int:
    """The line of the deepest part of `location` that exists under `node` (its key, for a mapping)."""
    line = node.start_mark.line
    for part in location:
        child: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, child = key.start_mark.line, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            child = node.value[part]
            line = child.start_mark.line
        if child is None:
            break
        node = child
    return first_line + line


def _refuse_duplicate_keys(node: yaml.Node, file: str, first_line: int) -> None:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _refuse_duplicate_keys(child, file, first_line)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                line = first_line + key.start_mark.line
                raise InvalidContent(
                    "content_invalid", file=file, line=line, field=str(key.value), problem="duplicate_key"
                )
            seen.add(key.value)
            _refuse_duplicate_keys(value, file, first_line)
