"""The edges: storage of conversations and feedback."""
