"""British and American spellings of one English word, brought to one form before stemming."""

from __future__ import annotations

import re

# British beginnings with their American ones; a word is changed at most once.
_BEGINNINGS_TEXT = """
aeroplane:airplane aluminium:aluminum analogue:analog analys:analyz anaem:anem arbour:arbor ardour:ardor
armour:armor artefact:artifact behaviour:behavior calibre:caliber cancell:cancel candour:candor catalogue:catalog
centre:center centring:centering chequ:check clamour:clamor colour:color defence:defense dialogue:dialog
diarrhoea:diarrhea dishonour:dishonor encyclopaed:encycloped endeavour:endeavor enrol:enroll favour:favor
fervour:fervor fibre:fiber flavour:flavor foetus:fetus fuell:fuel fulfil:fulfill grey:gray harbour:harbor
honour:honor humour:humor instalment:installment jewellery:jewelry judgement:judgment kerb:curb kilometre:kilometer
labell:label labour:labor levell:level licence:license litre:liter lustre:luster manoeuvr:maneuver meagre:meager
metre:meter modell:model mould:mold moult:molt neighbour:neighbor odour:odor oestrogen:estrogen offence:offense
paediatric:pediatric paralys:paralyz parlour:parlor plough:plow practis:practic pretence:pretense programme:program
rancour:rancor rigour:rigor rumour:rumor sabre:saber saviour:savior savour:savor sceptic:skeptic signall:signal
skilful:skillful smoulder:smolder sombre:somber spectre:specter splendour:splendor storey:story succour:succor
sulphur:sulfur theatre:theater totall:total travell:travel tumour:tumor tyre:tire valour:valor vapour:vapor
vigour:vigor wilful:willful
"""
_BEGINNINGS = dict(pair.split(":") for pair in _BEGINNINGS_TEXT.split())
_FIRST_LETTERS = min(map(len, _BEGINNINGS))
_FIRST = frozenset(start[:_FIRST_LETTERS] for start in _BEGINNINGS)
_LENGTHS = tuple(sorted({len(start) for start in _BEGINNINGS}, reverse=True))
# Endings of words whose beginning is only made shorter: programme(s), catalogue(d).
_SHORTENED = {"": "", "s": "s", "d": "ed"}
_ISE = re.compile(r"(?<=[a-z]{2}[b-df-hj-np-tv-z])is(e|es|ed|er|ers|ing|ation|ations|able)$")
# Words that end in -ise on both sides of the Atlantic.
_ALWAYS_ISE_TEXT = """
adv compr demise dev disgu enterpr exerc expertise franch improv merchand prom rev superv surpr telev
"""
_ALWAYS_ISE = tuple(_ALWAYS_ISE_TEXT.split())


def british_beginnings(start: str) -> list[str]:
    """Return the British beginnings of which `americanise` makes words that begin with a text."""
    return [
        british for british, american in _BEGINNINGS.items() if american.startswith(start) or start.startswith(american)
    ]


def americanise(word: str) -> str:
    """Return a folded English word in its American spelling: `licence` as `license`, `realised` as `realized`."""
    if word[:_FIRST_LETTERS] in _FIRST:
        for length in _LENGTHS:
            start = _BEGINNINGS.get(word[:length])
            if start is None:
                continue
            if word[:length].startswith(start):  # programme: not programmer, which is so on both sides
                return start + _SHORTENED.get(word[length:], word[len(start) :])
            if not word.startswith(start):
                return start + word[length:]
    if "is" in word and _ISE.search(word) and not word.startswith(_ALWAYS_ISE):
        return _ISE.sub(r"iz\1", word)
    return word
