"""Counts how often the jobs that everything hangs on have gone round."""

from __future__ import annotations

from collections import Counter

from monitor.daemon.crew import Crew

_JOBS = ("tick", "study", "deliver")


class Rounds:
    """How often tick, study and deliver have gone round. Several ask; each is told what came since it was told last."""

    def __init__(self) -> None:
        self._rounds: Counter[str] = Counter()
        self._finished: Counter[str] = Counter()
        self._told: dict[str, Counter[str]] = {}

    def count(self, job: str, crew: Crew) -> None:
        """Count a round of a job; none if its crew is full and finished nothing: then it stands still."""
        if crew.room > 0 or crew.finished != self._finished[job]:
            self._rounds[job] += 1
            self._finished[job] = crew.finished

    def have_all_gone(self, asker: str) -> bool:
        """Tell whether each job has gone round since this was last true for the one who asks."""
        told = self._told.get(asker, Counter())
        if not all(self._rounds[job] > told[job] for job in _JOBS):
            return False
        self._told[asker] = Counter(self._rounds)
        return True
