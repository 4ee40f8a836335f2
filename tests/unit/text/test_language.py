"""Which language a text is in."""

from __future__ import annotations

import pytest

from monitor.text import detect_language, guess_language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Die Regierung kündigte am Montag neue Zölle auf Stahl an.", "de"),
        ("The government announced new duties on steel on Monday, officials said.", "en"),
        ("Le gouvernement a annoncé lundi de nouveaux droits de douane sur l'acier.", "fr"),
        ("Правительство объявило в понедельник о новых пошлинах на сталь.", "ru"),
        ("商务部公布稀土出口管制新规", "zh"),
        ("レアアースの輸出規制を強化", "ja"),
        ("희토류 수출 통제", "ko"),
        ("ขึ้นภาษีนำเข้า", "th"),
        ("", ""),
        ("12345 — %", ""),
        ("ok", ""),
    ],
)
def test_a_language_is_told_where_the_text_is_clear(text, code):
    assert detect_language(text) == code


def test_a_guess_comes_with_how_likely_it_is():
    code, likely = guess_language("China tightens rare-earth export controls")
    assert code == "en"
    assert 0 < likely <= 1
