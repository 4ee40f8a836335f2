"""What the user wrote for a site, applied to a page of it."""

from __future__ import annotations

import pytest

from monitor.clean import BadSelector, clean_page, rule_xpath
from monitor.model import SiteRule

TEXT = "The ministry licensed more shipments of dysprosium on Friday, and said that more would follow. " * 3
HTML = (
    f"<html><head><title>Magnets</title></head><body><article><h1>Magnets</h1><div class='body'><p>{TEXT}</p>"
    "<p class='ad'>Buy gold</p> and so on<aside>Read also</aside></div></article><div id='more'>Other news</div></body>"
)


@pytest.mark.parametrize(
    ("keep", "drop", "text"),
    [
        (("article .body",), (), f"{TEXT.strip()}\nBuy gold\nand so on\nRead also"),
        (("article .body",), (".ad", "aside"), f"{TEXT.strip()}\nand so on"),
        (("//div[@class='body']/p[1]",), (), TEXT.strip()),
        (("#more", "article .body p"), (".ad",), f"{TEXT.strip()}\nOther news"),
        (("article", ".body"), (".ad", "aside", "h1"), f"{TEXT.strip()}\nand so on"),
    ],
)
def test_a_rule_keeps_and_drops_parts_of_a_page(keep: tuple[str, ...], drop: tuple[str, ...], text: str) -> None:
    page = clean_page(HTML, rule=SiteRule(host="example.org", keep=keep, drop=drop))
    assert page.text == text
    assert dict(page.evidence)["text"] == "the parts that the site's rule keeps"


def test_a_rule_that_keeps_nothing_of_a_page_says_so_and_the_text_is_found_without_it() -> None:
    page = clean_page(HTML, rule=SiteRule(host="example.org", keep=(".gone",), drop=(".ad",)))
    assert TEXT.strip() in page.text
    assert "Buy gold" not in page.text
    assert dict(page.evidence)["kept"].startswith("nothing")
    assert dict(page.evidence)["dropped"] == "1 parts, by the site's rule"


@pytest.mark.parametrize("selector", ["div[", "p:nope", "//p[", "count(//p)", "(1", ".//p/@class[", "(1 + 1)"])
def test_a_selector_that_cannot_be_read_is_told(selector: str) -> None:
    with pytest.raises(BadSelector):
        rule_xpath(selector)


@pytest.mark.parametrize("selector", ["p", "div.body > p", "//p[@class='ad']", "(//p)[1]", "./p"])
def test_a_selector_that_can_be_read_finds_its_part(selector: str) -> None:
    page = clean_page(HTML, rule=SiteRule(host="example.org", keep=(selector,)))
    assert dict(page.evidence)["text"] == "the parts that the site's rule keeps" or selector == "./p"
