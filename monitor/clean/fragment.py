"""A feed's own HTML, a summary or the content of an entry, to plain paragraphs."""

from __future__ import annotations

import html as entities
import re

from monitor.clean.tidy import tidy_lines
from monitor.clean.tree import lines_of, tree_of

_TAG = re.compile(r"<[A-Za-z/!?]")
_ANY_TAG = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_MAX_CHARS = 500_000


def clean_fragment(html: str) -> str:
    """Return the text of an HTML fragment, paragraphs separated by single line breaks. Never raises.

    A fragment without tags is plain text: its own line breaks then part its paragraphs. Scripts and styles are left
    out.
    """
    html, is_marked = opened(html)
    if not is_marked:
        return "\n".join(tidy_lines(html))
    tree = tree_of(f"<div>{html}</div>")
    lines = [] if tree is None else lines_of(tree)
    # The parser drops what is nested too deep; text is worth more than its structure.
    return "\n".join(lines or tidy_lines(entities.unescape(_ANY_TAG.sub("\n", html))))


def opened(html: str) -> tuple[str, bool]:
    """Return a fragment as it is read, within limits, and whether it has tags; else it is plain text."""
    html = html[:_MAX_CHARS].replace("<![CDATA[", "").replace("]]>", "")
    if _TAG.search(html):
        return html, True
    html = entities.unescape(html)  # feeds escape twice: tags may show only now
    return html, bool(_TAG.search(html))
