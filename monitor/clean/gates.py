"""What is no article at all: pictures, PDFs and other files."""

from __future__ import annotations

import re

_MAGIC = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a media file"),
    (b"ID3", "an audio file"),
    (b"OggS", "a media file"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
)
_UNICODE_STARTS = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<", b"\0\0\0<")
_TYPES = re.compile(
    r"(?:image|audio|video|font|model)/|application/(?!xhtml\+xml|xml|octet-stream|html)", re.IGNORECASE
)
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|p)\b", re.IGNORECASE)


def not_text(body: bytes, content_type: str) -> str:
    """Return what `body` is if it is no text; empty if it may be one. Looks at the bytes first, servers lie."""
    head = body[:512]
    for magic, what in _MAGIC:
        if head.startswith(magic):
            return what
    if head[4:8] == b"ftyp":
        return "a media file"
    if b"\0" in head and not head.startswith(_UNICODE_STARTS):
        return "binary data"
    if _TYPES.match(content_type.strip()) and not _MARKUP.search(head):
        return content_type.partition(";")[0].strip()[:80]
    return ""
