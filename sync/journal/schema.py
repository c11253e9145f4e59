"""The journal's tables, as the steps that made them. A released step is never changed; a new one is added."""

from __future__ import annotations

from typing import Final

_KEY = "store TEXT NOT NULL, type TEXT NOT NULL, record_id TEXT NOT NULL, language TEXT NOT NULL"

_FIRST: Final = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE run (
        id TEXT PRIMARY KEY, started_at REAL NOT NULL, ended_at REAL, state TEXT NOT NULL,
        service TEXT NOT NULL, simulated INTEGER NOT NULL, approved REAL NOT NULL, plan_digest TEXT NOT NULL,
        balance_before REAL, balance_after REAL) STRICT""",
    """CREATE TABLE batch (
        id INTEGER PRIMARY KEY, run_id TEXT NOT NULL REFERENCES run (id), service TEXT NOT NULL, state TEXT NOT NULL,
        store TEXT NOT NULL, type TEXT NOT NULL, language TEXT NOT NULL, found INTEGER NOT NULL,
        request_id TEXT NOT NULL, body_sha256 TEXT NOT NULL, known_requests TEXT NOT NULL,
        balance REAL, server_time REAL, sent_at REAL NOT NULL, reason TEXT NOT NULL,
        changed_at REAL NOT NULL) STRICT""",
    "CREATE INDEX batch_state ON batch (state)",
    # `held` is 1 while nothing final is known of the text. The unique index is the rule itself: a text is in at most
    # one batch that may be charged.
    f"""CREATE TABLE item (
        batch_id INTEGER NOT NULL REFERENCES batch (id), service TEXT NOT NULL, {_KEY}, text_type TEXT NOT NULL,
        was TEXT NOT NULL, input_digest TEXT NOT NULL, price_min REAL NOT NULL, price_max REAL NOT NULL,
        baseline TEXT NOT NULL, state TEXT NOT NULL, text_id TEXT NOT NULL, reason TEXT NOT NULL, held INTEGER NOT NULL,
        credits REAL NOT NULL DEFAULT 0, PRIMARY KEY (batch_id, record_id, text_type)) STRICT""",
    """CREATE UNIQUE INDEX item_held ON item (service, store, type, record_id, language, text_type)
        WHERE held = 1""",
    f"""CREATE TABLE text (
        service TEXT NOT NULL, {_KEY}, text_type TEXT NOT NULL, text_id TEXT NOT NULL, value TEXT NOT NULL,
        batch_id INTEGER, seen_at REAL NOT NULL,
        PRIMARY KEY (service, store, type, record_id, language, text_type, text_id)) STRICT""",
    f"""CREATE TABLE delivery (
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, {_KEY}, text_type TEXT NOT NULL, text_id TEXT NOT NULL,
        value TEXT NOT NULL, was TEXT NOT NULL, input_digest TEXT NOT NULL, origin TEXT NOT NULL, run_id TEXT NOT NULL,
        credits REAL NOT NULL, state TEXT NOT NULL, made_at REAL NOT NULL, settled_at REAL) STRICT""",
    "CREATE INDEX delivery_state ON delivery (state)",
    "CREATE INDEX delivery_key ON delivery (service, store, type, record_id, language, text_type, id)",
    f"""CREATE TABLE base (
        service TEXT NOT NULL, {_KEY}, text_type TEXT NOT NULL, value TEXT NOT NULL, text_id TEXT NOT NULL,
        input_digest TEXT NOT NULL, origin TEXT NOT NULL, simulated INTEGER NOT NULL, agreed_at REAL NOT NULL,
        PRIMARY KEY (service, store, type, record_id, language, text_type)) STRICT""",
    """CREATE TABLE event (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, run_id TEXT NOT NULL, batch_id INTEGER, kind TEXT NOT NULL,
        detail TEXT NOT NULL) STRICT""",
    """CREATE TABLE ask (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, run_id TEXT NOT NULL, asked_at REAL NOT NULL,
        done_at REAL) STRICT""",
    f"""CREATE TABLE duplicate (
        service TEXT NOT NULL, {_KEY}, text_type TEXT NOT NULL, batch_id INTEGER NOT NULL, found TEXT NOT NULL,
        kept TEXT NOT NULL, found_at REAL NOT NULL,
        PRIMARY KEY (service, store, type, record_id, language, text_type, batch_id, found)) STRICT""",
    """CREATE TABLE save (
        id INTEGER PRIMARY KEY, at REAL NOT NULL, path TEXT NOT NULL, old_sha256 TEXT NOT NULL,
        new_sha256 TEXT NOT NULL, state TEXT NOT NULL) STRICT""",
)

_PROVENANCE: Final = ("ALTER TABLE base ADD COLUMN run_id TEXT NOT NULL DEFAULT ''",)
"""Which run agreed on a text; of what was agreed before this layout, nobody knows."""

_LOOKS: Final = (
    """CREATE TABLE look (
        service TEXT NOT NULL, type TEXT NOT NULL, store TEXT NOT NULL, language TEXT NOT NULL, account TEXT NOT NULL,
        text_types TEXT NOT NULL, at REAL NOT NULL, full_at REAL NOT NULL, turn INTEGER NOT NULL,
        PRIMARY KEY (service, type, store, language)) STRICT""",
    """CREATE TABLE holding (
        service TEXT NOT NULL, type TEXT NOT NULL, store TEXT NOT NULL, language TEXT NOT NULL,
        record_id TEXT NOT NULL, texts TEXT NOT NULL,
        PRIMARY KEY (service, type, store, language, record_id)) STRICT, WITHOUT ROWID""",
)
"""What the service held at the latest look. Apart from `text`: what stands there is accounted for, this is not."""

_UPLOADS: Final = (
    """CREATE TABLE upload (
        service TEXT NOT NULL, store TEXT NOT NULL, image_id TEXT NOT NULL, digest TEXT NOT NULL,
        expires_at REAL, PRIMARY KEY (service, store, image_id)) STRICT, WITHOUT ROWID""",
)
"""Which images the service has been given, so that they are not given again. It too may be lost at any time."""

_OPTIMIZATIONS: Final = (
    "ALTER TABLE batch ADD COLUMN asked TEXT NOT NULL DEFAULT ''",
    f"""CREATE TABLE optimization (
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, {_KEY}, batch_id INTEGER, state TEXT NOT NULL,
        changed_at REAL, note TEXT NOT NULL, found TEXT NOT NULL, raw TEXT NOT NULL, at REAL NOT NULL) STRICT""",
    "CREATE INDEX optimization_key ON optimization (service, store, type, record_id, language, id)",
)
"""What keyword optimizations have found. The order of one is a batch with one item; `asked` is what was sent (JSON)."""

_SUGGESTIONS: Final = (
    f"""CREATE TABLE suggestion_ask (
        service TEXT NOT NULL, {_KEY}, idea TEXT NOT NULL, asked_at REAL NOT NULL, answered_at REAL,
        PRIMARY KEY (service, store, type, record_id, language, idea)) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE suggestion (
        id INTEGER PRIMARY KEY, service TEXT NOT NULL, {_KEY}, idea TEXT NOT NULL, value TEXT NOT NULL,
        fate TEXT NOT NULL, at REAL NOT NULL,
        UNIQUE (service, store, type, record_id, language, idea, value)) STRICT""",
)
"""What was asked for, which may cost, and what the service suggested; `id` is the order in which it did."""

_CHOICES: Final = (
    f"""CREATE TABLE suggestion_choice (
        service TEXT NOT NULL, {_KEY}, idea TEXT NOT NULL, chosen TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (service, store, type, record_id, language, idea)) STRICT, WITHOUT ROWID""",
)
"""What the service has still to be told of choices among its suggestions; `chosen` is a list of words (JSON)."""

MIGRATIONS: Final = {
    1: _FIRST, 2: _PROVENANCE, 3: _LOOKS, 4: _UPLOADS, 5: _OPTIMIZATIONS, 6: _SUGGESTIONS, 7: _CHOICES,
}  # fmt: skip
"""Statements by the layout version that they lead to."""

VERSION: Final = max(MIGRATIONS)
"""The layout this version of wtsync reads and writes (`PRAGMA user_version`)."""
