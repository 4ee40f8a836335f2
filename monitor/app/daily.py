"""Tells the operator once a day, if he wants it, that all is well or what is not: silence is no sign of either."""

from __future__ import annotations

from monitor import alert
from monitor.app.compose import App, Loaded
from monitor.app.health import health
from monitor.app.standing import read_standing

_NOTE = "daily"


def tell_of_the_day(app: App) -> int:
    """Queue the notice of the day once its time has come, once for each local day; returns how many are new."""
    settings, store, moment = app.config.settings, app.store, app.context.clock()
    day = alert.day_of(settings.daily_at, moment, settings.timezone) if settings.daily_at else None
    if day is None or (last := store.note(_NOTE)) == str(day):
        return 0
    loaded = Loaded(config=app.config, watchlist=app.context.watch.watchlist, broken=app.broken, refusals=app.refusals)
    found = health(store, loaded, app.place.state, moment)
    feeds, gaps = store.feeds(enabled_only=True), read_standing(store).gaps
    words = alert.words_of_the_day(found["summary"], feeds, found["needs"], gaps, moment.astimezone(settings.timezone))
    drafts = alert.notice(f"daily-{day}", words.title, words.body, settings.recipients(settings.operator))
    return len(drafts) if store.tell_once(drafts, moment, note=_NOTE, before=last, after=str(day)) else 0
