"""A page's metadata, from what it states in JSON-LD, meta tags, links, `<time>` and its heading.

Our own work, because dates need their zone and their hour, and languages their tag; and never a guess: an article
without a stated date has none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from monitor.clean.bylines import clean_names
from monitor.clean.dates import Stated, best_date, read_date
from monitor.clean.jsonld import Node, article_node, is_free, text_of, texts_of, url_of
from monitor.clean.sitename import without_names, without_site
from monitor.clean.tidy import tidy_line
from monitor.clean.tree import lines_of
from monitor.model import PageText

_DATE_METAS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "article.published",
    "pubdate",
    "publishdate",
    "publish-date",
    "publication_date",
    "date.published",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "sailthru.date",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "originalpublicationdate",
    "date",
)
_AUTHOR_METAS = (
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "citation_author",
    "article:author_name",
)
_SECTION_METAS = ("article:section", "section", "parsely-section", "content_category")
_BYLINES = (
    ".//a[@rel='author']",
    ".//*[@itemprop='author']//*[@itemprop='name']",
    ".//*[@itemprop='author']",
    ".//address[contains(@class,'author')]",
    ".//*[contains(@class,'byline-name') or contains(@class,'author-name') or contains(@class,'author__name')]",
    ".//*[contains(@class,'authorName')]",
    ".//*[contains(@class,'byline') or @class='author']",
)
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_]|\s*$)")
_SHARED_WORDS = 0.6
_URL_CHARS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where a page's metadata is read from. `metas` maps a lower-case name or property to its contents, in order."""

    tree: HtmlElement
    url: str
    head_title: str
    metas: dict[str, list[str]] = field(repr=False)
    node: Node = field(repr=False)

    def meta(self, *names: str) -> str:
        """Return the first content of the first of these metas that there is."""
        return next((content for name in names for content in self.metas.get(name, ())), "")


def read_sources(tree: HtmlElement, url: str) -> Sources:
    """Collect what a page states about itself."""
    head_title = tidy_line(next((element.text_content() for element in tree.iter("title")), ""))
    metas: dict[str, list[str]] = {}
    for meta in tree.iter("meta"):
        content = tidy_line(meta.get("content") or "")
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := meta.get(attribute)):
                metas.setdefault(name.strip().lower(), []).append(content)
    node = article_node(tree, next(iter(metas.get("og:title", ())), head_title))
    return Sources(tree=tree, url=_base(tree, url), head_title=head_title, metas=metas, node=node)


def read_metadata(sources: Sources) -> PageText:
    """Return a `PageText` without its text."""
    date, date_from = _published(sources)
    title, title_from = _title(sources)
    authors, authors_from = _authors(sources)
    evidence = {"title": title_from, "authors": authors_from, "published": date_from}
    return PageText(
        title=title,
        authors=authors,
        published=date.instant if date else None,
        published_text=date.text if date else "",
        modified_text=_modified(sources),
        language=_language(sources),
        site=sources.meta("og:site_name") or text_of(sources.node.get("publisher")) or sources.meta("application-name"),
        section=_section(sources),
        is_free=is_free(sources.node),
        canonical=_canonical(sources),
        image=_resolved(
            sources,
            sources.meta("og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"),
            url_of(sources.node.get("image")),
        ),
        evidence=tuple((name, place) for name, place in evidence.items() if place),
    )


def _base(tree: HtmlElement, url: str) -> str:
    base: str = next((element.get("href") or "" for element in tree.iter("base")), "")
    try:
        return urljoin(url, base)
    except ValueError:
        return url


def _title(sources: Sources) -> tuple[str, str]:
    named = {"JSON-LD headline": text_of(sources.node.get("headline"))}
    named |= {f"meta {name}": sources.meta(name) for name in ("og:title", "twitter:title", "dc.title")}
    stated = [title for title in (*named.values(), sources.head_title) if title]
    headings = [tidy_line(" ".join(lines_of(heading))) for heading in sources.tree.iter("h1")]
    shared, heading = max(((_shared(text, stated), text) for text in headings if len(text) <= 300), default=(0, ""))
    if heading and (shared or not stated) and heading != sources.meta("og:site_name"):
        return heading, "h1"
    names = (sources.meta("og:site_name"), sources.meta("application-name"))
    for place, title in named.items():
        if title:
            return without_names(title, names, _section(sources)), place
    title = without_site(sources.head_title, names, sources.url)
    return title, "title" if title else ""


def _section(sources: Sources) -> str:
    return text_of(sources.node.get("articleSection")) or sources.meta(*_SECTION_METAS)


def _shared(heading: str, titles: list[str]) -> int:
    """Return how many words a heading shares with the closest of `titles`; 0 unless these are most of its words."""
    words = set(re.findall(r"\w+", heading.casefold()))
    most = max((len(words & set(re.findall(r"\w+", title.casefold()))) for title in titles), default=0)
    return most if most >= _SHARED_WORDS * len(words) else 0


def _authors(sources: Sources) -> tuple[tuple[str, ...], str]:
    if found := clean_names(texts_of(sources.node.get("author"))):
        return found, "JSON-LD author"
    for name in _AUTHOR_METAS:
        if found := clean_names(sources.metas.get(name, [])):
            return found, f"meta {name}"
    for path in _BYLINES:
        texts = [tidy_line(" ".join(element.itertext())) for element in sources.tree.xpath(path)[:5]]
        if found := clean_names(text for text in texts if len(text) <= 120):
            return found, "the byline"
    return (), ""


def _published(sources: Sources) -> tuple[Stated | None, str]:
    stated = [(f"JSON-LD {name}", text_of(sources.node.get(name))) for name in ("datePublished", "dateCreated")]
    stated += [(f"meta {name}", content) for name in _DATE_METAS for content in sources.metas.get(name, ())]
    times = _time_elements(sources.tree)
    stated += [("a time element", element.get("datetime") or element.get("content") or "") for element in times]
    dates = [(place, date) for place, text in stated if text and (date := read_date(text))]
    best = best_date([date for _, date in dates])
    return best, next((place for place, date in dates if date is best), "")


def _modified(sources: Sources) -> str:
    stated = [text_of(sources.node.get("dateModified"))]
    stated += [sources.meta(name) for name in ("article:modified_time", "og:updated_time", "lastmod", "last-modified")]
    return next((date.text for text in stated if text and (date := read_date(text))), "")


def _time_elements(tree: HtmlElement) -> list[HtmlElement]:
    for path in (
        ".//time[@pubdate or @itemprop='datePublished']",
        ".//*[@itemprop='datePublished']",
        ".//article//time[@datetime]",
        ".//header//time[@datetime]",
        ".//time[@datetime]",
    ):
        if found := tree.xpath(path):
            return list(found[:1])
    return []


def _language(sources: Sources) -> str:
    root = sources.tree.getroottree().getroot()
    tags = (
        root.get("lang"),
        root.get("xml:lang"),
        sources.meta("content-language"),
        text_of(sources.node.get("inLanguage")),
        sources.meta("og:locale"),
    )
    return next((str(found.group(1)).lower() for tag in tags if tag and (found := _LANGUAGE.match(tag))), "")


def _canonical(sources: Sources) -> str:
    links = [
        link.get("href") or ""
        for link in sources.tree.iter("link")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    found = _resolved(sources, *links[:1], sources.meta("og:url"), url_of(sources.node.get("mainEntityOfPage")))
    # Templates point all pages at the front page by mistake.
    is_front = (
        bool(found)
        and urlsplit(found).path in {"", "/"}
        and not urlsplit(found).query
        and urlsplit(sources.url).path not in {"", "/"}
    )
    return "" if is_front and sources.url else found


def _resolved(sources: Sources, *links: str) -> str:
    for link in links:
        try:
            url = urljoin(sources.url, link.strip()) if link else ""
            if len(url) <= _URL_CHARS and urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname:
                return url
        except ValueError:
            continue
    return ""
