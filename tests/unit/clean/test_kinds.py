"""Pages that are no article, or not all of one: each is named, and no article is taken for one."""

from __future__ import annotations

import json

import pytest

from monitor.clean import clean_page
from monitor.model import Problem

_BODY = "".join(
    f"<p>In week {n} the ministry licensed shipments of dysprosium to buyers in {n} countries, and said more would "
    f"follow once the port had taken stock of what the mines of the north could send before winter that year.</p>"
    for n in range(1, 31)
)
_SHORT = "".join(f"<p>{line}</p>" for line in ("The ministry licensed more shipments of dysprosium on Friday.",) * 1)
_URL = "https://news.example/world/magnets-run-short"


def _page(body: str, *, title: str = "Magnets run short", head: str = "", heading: str = "") -> str:
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>{head}</head><body>"
        f"<main><article><h1>{heading or title}</h1>{body}</article></main></body></html>"
    )


def _ld(**fields: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Magnets run short", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


_CONSENT = {
    "en": "<p>We and our 842 partners store and/or access information on a device.</p><button>Accept all</button>"
    "<p>You can manage your choices or withdraw your consent at any time.</p>",
    "de": "<p>Wir und unsere 210 Partner verarbeiten Daten auf Grundlage Ihrer Einwilligung oder eines berechtigten "
    "Interesses, auch für personalisierte Werbung.</p>",
    "fr": "<p>Nous et nos 185 partenaires utilisons des cookies. Vous pouvez retirer votre consentement.</p>"
    "<p>Tout accepter ou paramétrer les cookies.</p>",
    "es": "<p>Nosotros y nuestros socios utilizamos cookies.</p><p>Lea la política de cookies. Rechazar todo.</p>",
    "it": "<p>Noi e i nostri 300 partner utilizziamo cookie.</p><p>Continua senza accettare o rifiuta tutto.</p>",
    "nl": "<p>Wij en onze partners gebruiken cookies voor een betere site.</p><p>Lees ons cookiebeleid.</p>",
}
_STUBS = {
    "en": "Subscribe to continue reading this article.",
    "en 2": "Already a subscriber? Log in",
    "de": "Sie haben bereits ein Abo? Hier anmelden",
    "fr": "Cet article est réservé aux abonnés.",
    "es": "Contenido exclusivo para suscriptores",
    "it": "Articolo riservato agli abbonati",
    "pt": "Conteúdo exclusivo para assinantes",
    "nl": "Alleen voor abonnees",
    "ja": "この記事は有料会員限定です。残り1234文字",
    "sv": "Redan prenumerant? Logga in",
}
_MISSING = (
    "404 - Page not found",
    "Error 404",
    "Page not found | Example News",
    "This page is not available",
    "Seite nicht gefunden – Beispiel",
    "Page introuvable",
    "Página no encontrada",
    "Pagina non trovata",
    "ページが見つかりません",
    "Страница не найдена",
)


@pytest.mark.parametrize("language", _CONSENT)
def test_a_consent_wall_is_no_text(language: str) -> None:
    page = clean_page(_page(_CONSENT[language], title="Before you continue"), _URL)
    assert page.problem is not None
    assert page.problem.problem is Problem.CONSENT
    assert page.text == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://consent.example.com/v2/collectConsent?x=1",
        "https://guce.example.com/consent",
        "https://a.example/consent",
    ],
)
def test_a_consent_wall_is_known_by_its_address(url: str) -> None:
    page = clean_page(_page(_SHORT), url)
    assert page.problem is not None
    assert page.problem.problem is Problem.CONSENT
    assert url[:40] in page.problem.detail


def test_an_article_on_consent_is_an_article() -> None:
    law = "<p>We use cookies, says every site. Publishers must let readers reject all, the court ruled.</p>" + _BODY
    assert clean_page(_page(law, title="Court rules on consent banners"), _URL).problem is None


@pytest.mark.parametrize("language", _STUBS)
def test_a_stub_before_a_paywall_keeps_its_text_and_is_named(language: str) -> None:
    page = clean_page(_page(f"{_SHORT * 3}<p>{_STUBS[language]}</p>"), _URL)
    assert page.problem is not None
    assert page.problem.problem is Problem.PAYWALL
    assert "dysprosium" in page.text


@pytest.mark.parametrize("stated", [False, "False", "http://schema.org/False"])
def test_a_short_text_that_is_said_not_to_be_free_is_a_stub(stated: object) -> None:
    short = clean_page(_page(_SHORT * 3, head=_ld(isAccessibleForFree=stated)), _URL)
    assert short.problem is not None
    assert short.problem.problem is Problem.PAYWALL
    whole = clean_page(_page(_BODY, head=_ld(isAccessibleForFree=stated)), _URL)
    assert whole.problem is None
    assert whole.is_free is False


def test_an_article_that_ends_in_an_offer_is_an_article() -> None:
    page = clean_page(_page(f"{_BODY}<p>Subscribe to continue reading our newsletters.</p>"), _URL)
    assert page.problem is None


@pytest.mark.parametrize("title", _MISSING)
def test_an_error_page_is_no_text(title: str) -> None:
    page = clean_page(_page("<p>Try the search, or go back to the front page.</p>", title=title), _URL)
    assert page.problem is not None
    assert page.problem.problem is Problem.SOFT_404
    assert page.text == ""


def test_an_error_page_is_known_by_its_text() -> None:
    page = clean_page(_page("<p>The page you requested could not be found. Try the search.</p>", title="News"), _URL)
    assert page.problem is not None
    assert page.problem.problem is Problem.SOFT_404


@pytest.mark.parametrize(
    "title",
    ["Missing ship not found after storm", "404 miners rescued in the north", "Suspect not found", "Oops: a slip"],
)
def test_news_of_what_is_missing_is_an_article(title: str) -> None:
    assert clean_page(_page(_SHORT * 4, title=title), _URL).problem is None


@pytest.mark.parametrize(
    ("url", "title", "body"),
    [
        ("https://news.example/login?next=/a", "Welcome back", "<p>Your name and your password, please.</p>"),
        ("https://news.example/account/sign-in/", "Welcome", "<p>Your name and your password, please.</p>"),
        (_URL, "Sign in to Example News", "<p>Your name and your word, please, to go on to the site.</p>"),
        (_URL, "Example", "<p>Welcome to the site of the paper.</p><form><input type='password' name='p'></form>"),
    ],
)
def test_a_login_page_is_no_text(url: str, title: str, body: str) -> None:
    page = clean_page(_page(body, title=title), url)
    assert page.problem is not None
    assert page.problem.problem is Problem.LOGIN
    assert page.text == ""


def test_a_form_for_members_beside_an_article_is_no_login_page() -> None:
    page = clean_page(_page(f"{_BODY}<form><input type='password'></form>"), _URL)
    assert page.problem is None


_SCRIPTS = "<script>var a = 1</script>" * 5


def test_a_page_that_is_empty_without_scripts_says_so() -> None:
    html = f"<html><head><title>News</title></head><body><div id='root'></div>{_SCRIPTS}</body></html>"
    page = clean_page(html, _URL)
    assert page.problem is not None
    assert page.problem.problem is Problem.SCRIPT


_SENTENCES = [
    f"The ministry said in note {n} that dysprosium would be licensed again. Buyers were told." for n in range(9)
]


@pytest.mark.parametrize(
    "script",
    [
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"body": " ".join(_SENTENCES)})}</script>',
        f"<script>self.__next_f.push({json.dumps([1, ' '.join(_SENTENCES)])})</script>",
        f"<script>window.__STATE__ = {json.dumps({'a': [{'text': s} for s in _SENTENCES]})};</script>",
        f'<script type="application/json">{json.dumps({"html": "".join(f"<p>{s}</p>" for s in _SENTENCES)})}</script>',
    ],
)
def test_the_text_in_a_script_is_taken_if_the_page_shows_none(script: str) -> None:
    html = f"<html><head><title>News</title></head><body><div id='root'></div>{script}{_SCRIPTS}</body></html>"
    page = clean_page(html, _URL)
    assert page.problem is None
    assert all(sentence in page.text for sentence in _SENTENCES)
    assert ("text", "JSON in a script") in page.evidence


def test_a_live_blog_and_a_gallery_keep_their_text_and_are_named() -> None:
    live = clean_page(_page(_BODY, head=_ld(**{"@type": "LiveBlogPosting"})), _URL)
    assert live.problem is not None
    assert live.problem.problem is Problem.LIVE_BLOG
    gallery = clean_page(_page(_SHORT * 2 + "<figure><img src='a.jpg'></figure>" * 9), _URL)
    assert gallery.problem is not None
    assert gallery.problem.problem is Problem.GALLERY
    assert "dysprosium" in live.text
    assert "dysprosium" in gallery.text


def test_the_page_says_where_each_thing_was_found() -> None:
    page = clean_page(
        _page(
            _BODY,
            head=_ld(
                author="Ada Quarry",
                datePublished="2025-10-23T14:05:00+02:00",
                dateModified="2025-10-24T08:00:00Z",
                articleSection="Trade",
            ),
        ),
        _URL,
    )
    assert dict(page.evidence) == {
        "text": "trafilatura, fast",
        "title": "h1",
        "authors": "JSON-LD author",
        "published": "JSON-LD datePublished",
    }
    assert (page.modified_text, page.section) == ("2025-10-24T08:00:00Z", "Trade")
