"""Runs the command line: `python -m monitor`, and the `monitor` script."""

from __future__ import annotations

import gc

_OBJECTS = 20_000


def main() -> None:
    """Run the command line."""
    look_for_rubbish_seldom()
    from monitor.cli import main as run

    run()


def look_for_rubbish_seldom() -> None:
    """Have Python look for cycles of garbage less often: imports and polls make many objects, and few cycles."""
    gc.set_threshold(_OBJECTS, 10, 10)


if __name__ == "__main__":
    main()
