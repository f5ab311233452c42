"""Errors by what the person does next; each carries a code and facts, never a French sentence."""

from __future__ import annotations


class BoussoleError(Exception):
    """Base of the assistant's errors: `code` names the case, `facts` fill the sentence of the catalogue."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(f"{code} {facts}" if facts else code)
        self.code = code
        self.facts = facts


class InvalidInput(BoussoleError):
    """The user corrects what was given."""


class Unavailable(BoussoleError):
    """Something is missing or busy for now: try again, or repair as the message says."""


class Misconfigured(BoussoleError):
    """The operator corrects the settings."""
