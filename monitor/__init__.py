"""A daemon that watches feeds, groups what they say into stories, and alerts on the topics of a watchlist.

Rooms, in the order an article passes them: `fetch` brings feeds and pages; `sandbox` runs the untrusted parts in
killable workers: `parse` (feeds) and `clean` (pages); `dedupe` knows copies; `match` holds the query language;
`alert` says what to tell whom; `deliver` sends it; `cadence` says when a feed is due. `pipeline` is the program as
three functions, `app` puts the parts together, `daemon` runs it, `cli` holds the commands, `settings` reads what the
user edits. `model` and `ports` are what they share; the store is the package `storage` beside this one.
"""

__version__ = "0.1.0"
