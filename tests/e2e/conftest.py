"""What all end-to-end tests share: the log of `program`, if a test has one, is shown when the test fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.world import Program


@pytest.fixture(autouse=True)
def shown_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Print what the program logged during a test; pytest shows it if the test failed."""
    if "program" not in request.fixturenames:
        yield
        return
    program: Program = request.getfixturevalue("program")
    before = len(program.log())
    yield
    print(program.log()[before:][-8_000:])
