"""Reads `sites` of `monitor.yaml`: what to keep, drop and send for the pages of single sites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from monitor.model import SiteRule
from monitor.settings.access import read_cookie, read_header
from monitor.settings.references import References
from monitor.settings.schema import Errors, Keys, Reader, listed, paired, text, wrong
from monitor.settings.tree import Node, Pairs, Scalar, read_tree

_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_])?")


def read_sites(node: Node, references: References) -> tuple[SiteRule, ...]:
    """Read the rules of all sites.

    Raises:
        ConfigErrors: all that is wrong.
    """
    if not isinstance(node, Pairs):
        raise wrong(node, "a mapping", "write a line a site: example.org: {keep: article}")
    errors = Errors()
    rules = [errors.run(_named_rule, key, value, references.text) for key, value in node.pairs]
    errors.end()
    found = tuple(rule for rule in rules if rule is not None)
    for value in (value for rule in found for _, value in rule.headers):
        references.hide(value)
    return found


def read_rule(node: Node, host: str, header: Reader[str]) -> SiteRule:
    """Read the rule of one site; `header` reads the value of a header.

    Raises:
        ConfigErrors: all that is wrong.
    """
    keys = Keys(node, f"the rule of {host}")
    cookies = keys.take("cookies", paired(lambda key, value: read_cookie(key, value, header)), ())
    headers = keys.take("headers", paired(lambda key, value: read_header(key, value, header)), ())
    rule = SiteRule(
        host=host,
        keep=keys.take("keep", _selectors, ()),
        drop=keys.take("drop", _selectors, ()),
        is_feed_enough=keys.take("text", _text_from, "page") == "feed",
        headers=(*headers, ("Cookie", "; ".join(f"{name}={value}" for name, value in cookies))) if cookies else headers,
    )
    keys.end()
    return rule


def read_typed_rule(typed: str, host: str, folder: Path, environ: Mapping[str, str]) -> SiteRule:
    """Read a rule as it is typed on a command line, without its host: `keep: article`, `{keep: article, drop: .ad}`.

    Raises:
        ConfigErrors: all that is wrong.
    """
    return read_rule(read_tree(typed, "--site-rule"), host, References(folder, environ).text)


def _named_rule(key: Scalar, node: Node, header: Reader[str]) -> SiteRule:
    host = key.text.strip().casefold().removeprefix("www.")
    if not _HOST.fullmatch(host):
        raise wrong(key, "the name of a site", "for example example.org, which stands for www.example.org too")
    return read_rule(node, host, header)


def _selectors(node: Node) -> tuple[str, ...]:
    return (_selector(node),) if isinstance(node, Scalar) else listed(_selector)(node)


def _selector(node: Node) -> str:
    from monitor.clean import BadSelector, rule_xpath  # late: few users have rules

    selector = text(node)
    try:
        rule_xpath(selector)
    except BadSelector as error:
        raise wrong(node, "a CSS or XPath selector", str(error)) from None
    return selector


def _text_from(node: Node) -> str:
    value = text(node)
    if value not in {"page", "feed"}:
        raise wrong(node, "page or feed", "feed: the feed's own words are the text, its pages are not fetched")
    return value
