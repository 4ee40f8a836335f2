"""Random queries and texts over a few words, so that they often match."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = [
    "alpha",
    "beta",
    "betas",
    "gamma",
    "tariff",
    "tariffs",
    "China",
    "US",
    "us",
    "U.S.",
    "稀土",
    "Zölle",
    "1,100",
    "l'accord",
]
_TERMS = [
    *(word for word in _WORDS if word != "1,100"),
    "'tariff'",
    "=US",
    '="China US"',
    '"alpha beta"',
    '"beta gamma tariff*"',
    "alph*",
    "*amm*",
    "b?ta",
    "'alpha betas'",
    "de:Zölle",
    '"alpha =US"',
    "date(11-01)",
    "date(2025-10-30..2025-11-02)",
    "pct(100)",
    "pct(>=50)",
    "amount(USD >=1bn)",
    "alpha-beta",
]
_TEXT = [
    *_WORDS,
    *["alpha", "beta", "gamma", "tariff"] * 3,
    "November 1",
    "100%",
    "$8.5bn",
    "China US",
    "alpha-beta",
    "other",
    "words",
    "Strafzölle",
    ".",
    ". Alpha",
    "\n",
    ",",
]


def _placed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    numbers = st.integers(min_value=1, max_value=6)
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda items: f"({' OR '.join(items)})"),
        st.tuples(inner, st.sampled_from(["NEAR", "PRE"]), numbers, inner).map(
            lambda x: f"({x[0]} {x[1]}/{x[2]} {x[3]})"
        ),
        st.tuples(inner, numbers, inner, inner).map(lambda x: f"({x[0]} NEAR/{x[1]} {x[2]} NEAR/{x[1]} {x[3]})"),
        st.tuples(inner, st.sampled_from(["SENT", "PARA"]), inner).map(lambda x: f"({x[0]} {x[1]} {x[2]})"),
        st.tuples(inner, st.integers(min_value=0, max_value=3), inner).map(lambda x: f"({x[0]} EXCEPT/{x[1]} {x[2]})"),
        st.tuples(st.sampled_from(["title", "lead", "body"]), inner).map(lambda x: f"{x[0]}:{x[1]}"),
    )


def _counted(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda items: f"({' AND '.join(items)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: f"({' OR '.join(items)})"),
        st.tuples(inner, inner).map(lambda x: f"({x[0]} AND NOT {x[1]})"),
        st.lists(inner, min_size=2, max_size=4).map(lambda items: f"2 OF ({', '.join(items)})"),
        st.tuples(inner, inner, inner).map(lambda x: f"SCORE 10 CAP 2 OF ({x[0]}^5, {x[1]}^8, {x[2]}^-4)"),
        st.tuples(st.sampled_from(["title", "body"]), inner).map(lambda x: f"{x[0]}:({x[1]})"),
        inner.map(lambda item: f'(source:"example.org" AND {item})'),
        inner.map(lambda item: f"(lang:en AND {item})"),
    )


terms = st.sampled_from(_TERMS)
places = st.recursive(terms, _placed, max_leaves=5)
queries = st.recursive(places, _counted, max_leaves=4)
texts = st.lists(st.sampled_from(_TEXT), max_size=40).map(" ".join)
