"""Plain types of the assistant: questions, answers, conversations, errors."""
