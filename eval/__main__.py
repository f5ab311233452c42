"""`python -m eval`: the commands of this package inside the command line of Boussole."""

from __future__ import annotations

from assistant.cli import app, main
from eval.cli import register

if __name__ == "__main__":
    if not {"eval", "gate", "bench"} <= {command.name for command in app.registered_commands}:
        register(app)
    main()
