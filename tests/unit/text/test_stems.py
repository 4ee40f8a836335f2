"""Stems by language."""

from __future__ import annotations

import pytest

from monitor.text import base_language, is_language, stem, stems


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "tariff", "tariffs"),
        ("en", "duty", "duties"),
        ("en", "mouse", "mice"),
        ("en", "sell", "sold"),
        ("en", "freeze", "froze"),
        ("en", "rise", "rose"),
        ("en", "find", "found"),
        ("en", "lead", "led"),
        ("en", "woman", "women"),
        ("en", "licence", "licensed"),
        ("en", "labour", "labor"),
        ("en", "realise", "realized"),
        ("en", "centre", "centers"),
        ("de", "Zoll", "Zölle"),
        ("fr", "contrôle", "controles"),
        ("es", "arancel", "aranceles"),
        ("ru", "пошлина", "пошлины"),
        ("ar", "رسوم", "والرسوم"),
        ("xx", "tariff", "TARIFF"),
    ],
)
def test_forms_of_a_word_share_a_stem(language, one, other):
    assert set(stems(one, language)) & set(stems(other, language))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("police", "policy"),
        ("organ", "organization"),
        ("good", "better"),
        ("medium", "media"),
        ("wise", "wize"),
        ("wrong", "worse"),
        ("number", "numb"),
    ],
)
def test_other_words_do_not(one, other):
    assert not set(stems(one, "en")) & set(stems(other, "en"))


def test_a_language_without_stems_keeps_the_folded_word():
    assert stem("Tariffs", "zh") == "tariffs"


def test_languages_are_known_by_code_and_read_from_tags():
    assert base_language("en-GB") == base_language("EN_us") == "en"
    assert is_language("de")
    assert is_language("zh")
    assert not is_language("http")
