"""Where things lie on this machine: the project, and what it writes."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# All that is written at run time; THIDUA_VAR puts a second installation beside the first.
VAR_DIR = Path(os.environ.get("THIDUA_VAR") or BASE_DIR / "var").resolve()
