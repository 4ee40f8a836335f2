"""CSS selectors, as users write them to name a part of a page, in the form lxml runs."""

from __future__ import annotations

import re

from cssselect import HTMLTranslator, SelectorError

_MAX_CHARS = 1_000
_PLACE = re.compile(r"(?:, got <.*?)? at (\d+)>?$")


class BadSelector(ValueError):
    """A selector cannot be read. `offset` is where in it, from 0."""

    def __init__(self, what: str, offset: int = 0) -> None:
        super().__init__(what)
        self.offset = offset


def xpath_of(selector: str) -> str:
    """Return the XPath that finds what a selector names: the element it is run on and those below it.

    Raises:
        BadSelector: it is none, or one for other things than elements.
    """
    if len(selector) > _MAX_CHARS:
        raise BadSelector(f"the selector has {len(selector)} characters, at most {_MAX_CHARS} are read")
    try:
        return str(HTMLTranslator().css_to_xpath(selector))
    except SelectorError as error:
        what = str(error)
        place = _PLACE.search(what)
        raise BadSelector(_PLACE.sub("", what).rstrip("."), int(place[1]) if place else 0) from error
