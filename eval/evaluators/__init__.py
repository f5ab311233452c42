"""One evaluator a file: each judges one answer on one question."""
