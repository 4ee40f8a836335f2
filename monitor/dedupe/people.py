"""People named in a text of a script with capital letters: a name is one by a title before it or a verb of saying.

Known by that evidence alone, as places and ministries are written with capitals too; the surname then stands for the
whole name. Titles and verbs are those of English, German, French, Spanish, Italian, Portuguese and Dutch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = r"[^\W\d_a-zß-öø-ÿа-яё][^\W\d_]*(?:[-'’][^\W\d_]+)*"
_PARTICLE = r"(?:al|bin|da|de|del|den|der|di|do|dos|du|la|le|ter|ur|van|von|zu)"
_RUN = re.compile(rf"{_WORD}(?:[ \u202f]+(?:{_PARTICLE}[ \u202f]+)*(?:{_WORD}|[^\W\d_a-z]\.))*")
_TITLE = re.compile(
    r"(?:vice|deputy|prime|acting|former|chief|foreign|finance|trade|treasury|commerce|defen[cs]e|state|mr|mrs|ms|dr|sir"
    r"|president|premier|chancellor|minister|secretary|representative|ambassador|senator|governor|mayor|king|queen|prince"
    r"|princess|pope|judge|justice|professor|chair(?:man|woman)?|director|spokes(?:man|woman|person)|general|commissioner"
    r"|envoy|negotiator|analyst|economist|officer|executive|ceo|leader|speaker|congress(?:man|woman)|lawmaker"
    r"|\w*präsident(?:in)?|\w*kanzler(?:in)?|minister(?:in)?|\w+minister(?:in)?|kommissar(?:in)?|sprecher(?:in)?|herr|frau"
    r"|président(?:e)?|premier|ministre|secrétaire|porte-parole|m|mme|presidente|ministr[ao]|secretari[oa]|canciller"
    r"|portavoz|señora?|onorevole|cancelliere|portavoce|primeir[ao]|porta-voz|minister-president|woordvoerder)\.?",
    re.IGNORECASE,
)
_SAYS = (
    r"(?:said|says|told|tells|added|adds|warned|wrote|writes|argued|announced|noted|insisted|declared|explained|stressed"
    r"|claimed|confirmed|denied|vowed|threatened|sagte|sagt|erklärte|betonte|warnte|a déclaré|a dit|affirme|assure"
    r"|dijo|afirmó|declaró|señaló|ha detto|ha dichiarato|afferma|disse|afirmou|declarou|zei|zegt|verklaarde)"
)
_SAYS_AFTER = re.compile(rf",?\s+(?:also |has |hat )?{_SAYS}\b")
_SAYS_BEFORE = re.compile(rf"\b{_SAYS}\s+$")
_SMALL = re.compile(r"(?<![^\W_])[a-zß-öø-ÿа-яё]+(?![^\W_])")
_MOST_RUNS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person named in a text, at half-open code point offsets; `name` is the fullest form of it in the texts."""

    start: int
    end: int
    name: str


def name_people(texts: Iterable[str]) -> set[str]:
    """Return the names, of two words or more, of the people that these texts name with evidence."""
    found: set[str] = set()
    for text in texts:
        small = set(_SMALL.findall(text))
        found.update(name for name in _evident(text) if name.split()[0].lower() not in small)
    return found


def find_people(text: str, names: Iterable[str]) -> list[Mention]:
    """Return where these people stand in a text, in order: by their whole name, or by the surname only they have."""
    known = _by_form(names)
    if not known:
        return []
    forms = sorted(known, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in forms))
    return [Mention(start=m.start(), end=m.end(), name=known[m.group()]) for m in pattern.finditer(text)]


def _by_form(names: Iterable[str]) -> dict[str, str]:
    full = set(names)
    known: dict[str, str] = {name: name for name in full}
    surnames: dict[str, set[str]] = {}
    for name in full:
        first, *_, last = name.split()
        surnames.setdefault(last, set()).add(name)
        surnames.setdefault(first, set()).add(name)  # Xi Jinping is Xi
    # A first word stands alone only where it is written so: `Xi`, two letters or a surname of its own.
    known |= {form: next(iter(of)) for form, of in surnames.items() if len(of) == 1 and form not in known}
    return known


def _evident(text: str) -> Iterator[str]:
    for count, run in enumerate(_RUN.finditer(text)):
        if count >= _MOST_RUNS:
            return
        words = run.group().split()
        titles = [at for at, word in enumerate(words) if _TITLE.fullmatch(word)]
        named = words[titles[-1] + 1 :] if titles else words
        is_evident = bool(titles) or bool(_SAYS_AFTER.match(text, run.end()))
        is_evident = is_evident or bool(_SAYS_BEFORE.search(text, max(0, run.start() - 20), run.start()))
        is_evident = is_evident or bool(_ends_in_title(text[max(0, run.start() - 25) : run.start()]))
        if is_evident and 1 < len(named) <= 4 and all(len(word) > 1 for word in named):
            yield " ".join(word.rstrip(".") if len(word) > 2 else word for word in named)


def _ends_in_title(before: str) -> bool:
    """Tell whether the words before a name end in a title in small letters: `the minister Ann Writer`."""
    words = before.split()
    return bool(words) and before[-1:].isspace() and bool(_TITLE.fullmatch(words[-1])) and len(words[-1]) > 3
