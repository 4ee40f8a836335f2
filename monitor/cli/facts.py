"""The fact sheet of a story on the terminal and as JSON."""

from __future__ import annotations

from typing import Any

from monitor.cli.console import put
from monitor.dedupe import Fact, FactSheet

_MOST = 12


def put_sheet(sheet: FactSheet) -> None:
    """Print where a story's sources disagree, then what they say, those facts first that most sources have."""
    for one in sheet.disagreements:
        put()
        put(f"disagree on {one.kind} ({', '.join(one.about)}):")
        for value in one.values:
            _put_fact(value, sentence=True)
    for kind in dict.fromkeys(fact.kind for fact in sheet.facts):
        facts = [fact for fact in sheet.facts if fact.kind is kind]
        put()
        put(f"{kind}:")
        for fact in facts[:_MOST]:
            _put_fact(fact, sentence=False)
        if len(facts) > _MOST:
            put(f"    and {len(facts) - _MOST} more: see --json")


def sheet_object(sheet: FactSheet) -> dict[str, Any]:
    """Return a sheet as the command prints it in JSON."""
    return {
        "facts": [{"kind": str(fact.kind)} | _fact_object(fact) for fact in sheet.facts],
        "disagreements": [
            {"kind": str(one.kind), "about": list(one.about), "values": [_fact_object(value) for value in one.values]}
            for one in sheet.disagreements
        ],
    }


def _put_fact(fact: Fact, *, sentence: bool) -> None:
    put(f"    {fact.text}: {', '.join(said.source for said in fact.said)}")
    if sentence:
        put(f"        {fact.said[0].sentence}")


def _fact_object(fact: Fact) -> dict[str, Any]:
    said = [{"source": one.source, "article": str(one.article_id), "sentence": one.sentence} for one in fact.said]
    return {"value": fact.text, "said": said}
