"""Programs to compare with that are no part of this one: each set in a virtual environment of its own, made once."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.report import progress

_ROOT = Path(tempfile.gettempdir()) / "monitor-bench-peers"


def peer_python(*packages: str) -> Path | None:
    """Return the Python of an environment that holds these packages; None, and a word on it, if they cannot be had."""
    folder = _ROOT / hashlib.sha256(" ".join(sorted(packages)).encode()).hexdigest()[:12]
    python = folder / "bin/python"
    if (folder / "ready").exists():
        return python
    progress(f"setting up {', '.join(packages)}, once")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    try:
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run(install, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        progress(f"left out, as it cannot be installed: {', '.join(packages)} ({error})")
        return None
    (folder / "ready").touch()
    return python
