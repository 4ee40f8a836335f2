"""Lines that stand around articles and are never part of one, and lines that tell about them."""

from __future__ import annotations

import re

_NEWS = r"(?:articles?|categories|comments|headlines|news|posts?|stories|story|topics?|videos?)"

# Each matches a whole line, in any case, without the punctuation and arrows at its end.
_FURNITURE_FORMS = (
    r"(?:press \W?enter\W? to )?skip (?:to|the) [\w ]{4,30}",
    r"(?:estimated )?(?:read(?:ing)? time:? )?\d{1,3} ?[- ]?min(?:ute)?s?(?: read| reading time)?",
    rf"share(?: (?:this|the))?(?: {_NEWS})?(?: (?:on|via|with) [\w ,]{{1,40}})?",
    r"(?:share|tweet|e-?mail|print|copy link|facebook|twitter|whatsapp|linkedin|telegram|reddit|pinterest)",
    r"search(?: (?:the|this|our))?(?: (?:web)?site)?(?: for)?",
    rf"(?:latest|popular|trending|related|recent|recommended|more|top|most (?:read|popular|viewed))(?: {_NEWS})?",
    rf"(?:also read|you may also like|(?:read|see|view) (?:more|next|also|all)(?: {_NEWS})?)",
    r"(?:subscribe|sign up|register)(?: (?:now|today|here|for free))?(?: (?:to|for) (?:our|the) [\w ]{1,30})?",
    r"(?:(?:leave|post|add|write) a )?(?:comments?|reply)(?: ?\(\d+\))?|\d+ comments?|no comments",
    r"(?:©|\(c\) |copyright\b).{0,100}|all rights reserved",
    r"(?:we|this (?:web)?site) uses? cookies.{0,200}|accept(?: all)?(?: cookies)?",
    r"cookie (?:policy|settings|preferences)",
    r"advertisements?|sponsored(?: content)?|continue reading(?: below)?",
    r"story continues below(?: advertisement)?",
    r"(?:previous|next) (?:article|post|story)|back to (?:top|home)|home|menu|log ?in|sign in",
)
_FURNITURE = re.compile("|".join(_FURNITURE_FORMS), re.IGNORECASE)
_EDGES = " \t.:;!|•·›»→>…-–—"

_CREDIT = re.compile(
    r"(?:\b(?:REUTERS|AFP|AP|EPA(?:-EFE)?|Xinhua|Bloomberg|Getty Images|A[FP]P? Photo|PTI)\s?/\s?[^/.]{2,60}"
    r"|(?:\(|\bvia\b|[|/]) ?(?:Getty Images|Shutterstock|Reuters|AFP|AP|EPA|Xinhua|Unsplash)\)?"
    r"|\(?\b(?:Photo(?:graph)?|Image|Picture|File photo)(?: credit)?(?: by|:| courtesy of) ?[^.]{2,60}\)?)\.?$"
)
_AGENCY = re.compile(
    r"\(?\s*with (?:agency |additional )?inputs? (?:from|by) ([\w&., -]{2,40}?)\.?\s*\)?", re.IGNORECASE | re.ASCII
)
_AUTHOR_HEADING = re.compile(r"(?:about )?(?:the )?(?:author|writer|reporter)s?:?", re.IGNORECASE)
_NAME = r"[^\W\d_a-z][\w.'’-]*(?: (?:(?:al|bin|da|de|del|den|der|di|dos|el|la|le|van|von) )?[^\W\d_a-z][\w.'’-]*){0,3}"
_BIO = re.compile(rf"(?:[•*·-] ?)?({_NAME}) (?:is|was|has been|writes|covers|reports|joined|works)\b")
_BYLINE = re.compile(rf"[Bb][Yy]:? ({_NAME})(?: and ({_NAME}))?")
_OWN_SITE = re.compile(
    r"\b(?:(?:community|readers|users|subscribers|followers|fans|team|editors) (?:of|at|on)"
    r"|(?:first|originally) (?:published|appeared) (?:on|in|at|by)|here at) ((?:[a-z0-9-]+\.)+[a-z]{2,})\b",
    re.IGNORECASE | re.ASCII,
)


def is_furniture(line: str) -> bool:
    """Tell whether a whole line is of the page, not of its article: a skip link, a share button, `8 Min Read`."""
    return len(line) <= 250 and bool(_FURNITURE.fullmatch(line.strip(_EDGES)))


def is_caption(line: str) -> bool:
    """Tell whether a line ends in a photo credit."""
    return bool(_CREDIT.search(line))


def agency_of(line: str) -> str:
    """Return the news agency a whole line thanks for its inputs; empty if it does not."""
    found = _AGENCY.fullmatch(line)
    return found.group(1) if found else ""


def is_author_heading(line: str) -> bool:
    """Tell whether a whole line announces who wrote the article."""
    return bool(_AUTHOR_HEADING.fullmatch(line))


def name_in_bio(line: str) -> str:
    """Return the name that a line about a person starts with (`X is a …`); empty if it is no such line."""
    found = _BIO.match(line)
    return found.group(1) if found else ""


def names_in_byline(line: str) -> tuple[str, ...]:
    """Return the names in a whole line of the form `By X and Y`."""
    found = _BYLINE.fullmatch(line)
    return tuple(name for name in found.groups() if name) if found else ()


def own_site(line: str) -> str:
    """Return the host by which a paragraph names the site it is on (`readers of example.org`); empty if it does not."""
    found = _OWN_SITE.search(line)
    return found.group(1).lower() if found else ""
