"""What all tests share.

Properties are tried on the same examples each time, so that a run tells of a change and not of luck; new ones are
looked for by `pytest --hypothesis-profile=default`.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None)
settings.load_profile("same")
