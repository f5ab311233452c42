"""Evaluation: reference questions, evaluators, benchmark."""
