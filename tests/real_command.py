"""Where the project is, and the type of the fixture that runs its command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
Boussole = Callable[..., "subprocess.CompletedProcess[str]"]
