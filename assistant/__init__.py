"""Boussole: the cited assistant, its interview and its surfaces."""

__version__ = "0.1.0"
