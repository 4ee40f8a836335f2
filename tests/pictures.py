"""Draws what users get, for the README: `make pictures` writes `docs/pictures/*.png`; it needs chromium.

What is drawn was really sent: the program takes in some articles, and mail and Slack arrive at servers on loopback.
Mail is drawn as a browser shows its HTML, at the width of a desk and of a phone; Slack's blocks are drawn as Slack
does, by the few rules of its markup that the program uses.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

from monitor.alert import compose
from monitor.app import now
from tests.e2e.world import ROOT, Program, service_yaml
from tests.mailserver import MailServer
from tests.slackserver import WEBHOOK, SlackServer

FOLDER = ROOT / "docs" / "pictures"
_ARTICLES = ROOT / "tests" / "data" / "pictures.jsonl"
_DESK_PX, _PHONE_PX = 900, 390

_WATCHLIST = """
version: 1
defaults: {alert: {to: [me, team]}}
define:
  rare_earths: [rare earth, neodymium, dysprosium, 稀土]
topics:
  - id: rare-earth-controls
    name: Rare-earth controls
    match: '$rare_earths NEAR/12 (control OR curb OR restrict OR "export licen*" OR 管制)'
    owner: trade desk
    note: Call the magnets buyer before 10:00
  - id: the-november-1-tariff
    name: The November 1 tariff
    match: 'date(11-01) NEAR/15 tariff'
"""


def main() -> None:
    """Send, catch and draw."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("chromium is missing: apt-get install chromium")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, MailServer() as mail, SlackServer(Path(folder)) as slack:
        program = Program(Path(folder), slack.environment() | {"SLACK_WEBHOOK": WEBHOOK})
        team = '  team: {slack: {webhook: "env:SLACK_WEBHOOK"}}'
        program.write("monitor.yaml", service_yaml([8080], mail, channels=team))
        program.write("feeds.yaml", "feeds: []\n")
        program.write("watchlist.yaml", _WATCHLIST)
        for article in _ARTICLES.read_text().splitlines():
            Path(folder, "articles.jsonl").write_text(article)
            for words in (("ingest", f"{folder}/articles.jsonl", "--alert"), ("once", "--only", "study,deliver")):
                done = program.run(*words)
                if done.returncode:
                    sys.exit(f"{' '.join(words)}: {done.stderr}")
        with program.store() as store:
            held = [row for row in store.outbox(limit=None) if row.hold and row.recipient.startswith("me")]
        digest = compose(held[::-1], now=now(), timezone=UTC)
        pages = {f"mail-{number}": one.part("html") for number, one in enumerate(mail.received, 1)}
        pages |= {"digest": digest.html}
        posts = {f"slack-{number}": _as_slack(post.payload["blocks"]) for number, post in enumerate(slack.taken, 1)}
        posts |= {"slack-digest": _as_slack(digest.blocks)}
    for name, page in pages.items():
        _draw(chromium, name, page, _DESK_PX)
        _draw(chromium, f"{name}-phone", page, _PHONE_PX)
    for name, page in posts.items():
        _draw(chromium, name, page, _DESK_PX)


def _draw(chromium: str, name: str, page: str, width: int) -> None:
    """Draw a page as wide as asked and as high as it is."""
    with tempfile.TemporaryDirectory() as folder:
        inner, outer = Path(folder, "page.html"), Path(folder, "frame.html")
        inner.write_text(page)
        outer.write_text(
            f'<body style="margin:0"><iframe src="page.html" style="border:0;width:{width}px;height:4000px" '
            'onload="document.title=this.contentDocument.body.scrollHeight"></iframe>'
        )
        run = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"]
        run += ["--hide-scrollbars", "--virtual-time-budget=2000", f"--user-data-dir={folder}/profile"]
        dom = subprocess.run([*run, "--dump-dom", outer.as_uri()], check=True, capture_output=True, text=True).stdout
        found = re.search(r"<title>(\d+)</title>", dom)
        height = int(found[1]) if found else 800
        target = FOLDER / f"{name}.png"
        window = [f"--window-size={width},{height}", f"--screenshot={target}"]
        subprocess.run([*run, *window, outer.as_uri()], check=True, capture_output=True)
        sys.stderr.write(f"{target.relative_to(ROOT)}: {width} × {height}\n")


def _as_slack(blocks: Iterable[Mapping[str, Any]]) -> str:
    """Return a page that shows blocks as Slack's window does."""
    style = (
        "body{margin:0;padding:16px 20px;font:15px/1.46 Lato,'Segoe UI',Helvetica,Arial,sans-serif;color:#1d1c1d}"
        "a{color:#1264a3;text-decoration:none}blockquote{margin:4px 0;padding-left:12px;border-left:4px solid #ddd}"
        ".context{color:#616061;font-size:13px}.section{margin:8px 0}hr{border:0;border-top:1px solid #ddd}"
        ".app{font-weight:900}.bot{background:#e8e8e8;border-radius:2px;font-size:10px;padding:1px 4px;color:#616061}"
    )
    head = '<div><span class="app">Monitor</span> <span class="bot">APP</span></div>'
    body = "".join(_block(block) for block in blocks)
    return f'<!DOCTYPE html><meta charset="utf-8"><style>{style}</style><body>{head}{body}</body>'


def _block(block: Mapping[str, Any]) -> str:
    if block["type"] == "divider":
        return "<hr>"
    texts = [part["text"] for part in block.get("elements", [block.get("text", {})])]
    return "".join(f'<div class="{block["type"]}">{"".join(_lines(text))}</div>' for text in texts)


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        shown = re.sub(r"<(https?://[^|>]+)\|([^>]*)>", r'<a href="\1">\2</a>', line.replace(":warning:", "⚠️"))
        shown = re.sub(r"(?<![\w*])\*(?=\S)([^*\n]+)\*(?![\w*])", r"<b>\1</b>", shown)
        shown = re.sub(r"(?<!\w)_(?=\S)([^_\n]+)_(?!\w)", r"<i>\1</i>", shown)
        is_quote = shown.startswith("> ")
        yield f"<blockquote>{shown[2:]}</blockquote>" if is_quote else f"<div>{shown or html.escape(' ')}</div>"


if __name__ == "__main__":
    main()
