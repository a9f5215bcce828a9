"""Write requirements.txt: everything that pyproject.toml names and all they need, at the newest versions that fit.

Run by `make requirements`. It resolves in a throw-away environment, so what happens to be installed plays no part.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Written by `make requirements` from the bounds in pyproject.toml; edit those instead.\n"


def main() -> int:
    """Resolve and write; the exit code of the first command that fails, else 0."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *project["dependency-groups"]["dev"],
        *project["build-system"]["requires"],
    ]
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        python = str(Path(place) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
        frozen = subprocess.run(
            [python, "-m", "pip", "freeze", "--all", "--exclude", "pip"], check=True, capture_output=True
        )
    (ROOT / "requirements.txt").write_text(HEADER + frozen.stdout.decode(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
