"""`sites` of monitor.yaml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.settings import load_config
from tests.unit.settings.conftest import FILES


def test_the_nearest_sites_rule_counts(folder: Path) -> None:
    rules = """
sites:
  example.org: {keep: article, drop: [.ad, '//aside'], cookies: {reader: '1', key: 'env:COOKIE'}}
  www.news.example.org: {text: feed}
"""
    (folder / "monitor.yaml").write_text(FILES["monitor.yaml"] + rules, encoding="utf-8")
    settings = load_config(folder, {"COOKIE": "secretsecret"}).settings

    above, below = settings.site("shop.example.org"), settings.site("news.example.org")
    assert above is not None
    assert (above.keep, above.drop) == (("article",), (".ad", "//aside"))
    assert above.headers == (("Cookie", "reader=1; key=secretsecret"),)
    assert "secretsecret" in settings.secrets
    assert "reader=1; key=secretsecret" in settings.secrets
    assert below is not None
    assert below.is_feed_enough
    assert settings.site("example.com") is None
    assert settings.site("myexample.org") is None


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("example.org: {keep: 'div['}", "monitor.yaml:5:24: 'div[' is not a CSS or XPath selector"),
        ("example.org: {kept: article}", "unknown key 'kept' in the rule of example.org"),
        ("example.org: {text: both}", "'both' is not page or feed"),
        ("'not a host': {keep: p}", "'not a host' is not the name of a site"),
        ("example.org: {cookies: {a: 'b; c'}}", "a cookie's value has no spaces"),
    ],
)
def test_a_wrong_rule_is_told_with_its_place(errors: Callable[..., list[str]], rule: str, what: str) -> None:
    found = errors("monitor.yaml", FILES["monitor.yaml"] + f"sites:\n  {rule}\n")
    assert any(what in line for line in found), found
