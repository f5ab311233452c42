"""Prompts and questionnaires, one French file each. Extractive answers need none."""
