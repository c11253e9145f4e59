"""The calls about keywords: optimizations started, listed and read; pipelines, triggers, snapshots, typed keywords."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sync.errors import NotFound
from sync.service import generation, keyword_wire, loose, texts
from sync.service.body import encode
from sync.service.keyword_wire import place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sync.attempt import Attempt
    from sync.model import KeywordResult, Optimization, OptimizationOrder, Pipeline, RecordKey, Trigger
    from sync.service.body import Json
    from sync.service.rows import KeywordStateRow
    from sync.service.session import Session


class Keywords:
    """Reached as `service.keywords`. Reads cost nothing; what may cost credits is sent once and never again.

    Every method raises a ServiceError when it cannot answer, except `start`, which tells what happened. Calls that
    delete or replace through an address that is only assumed raise UsageError unless the user has switched them on.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    # Optimizations

    def start(self, order: OptimizationOrder, *, before_send: Callable[[], None] | None = None) -> Attempt:
        """Start one keyword optimization, once, and tell what happened. This costs credits; see `Service.generate`.

        The answer is not known: `Attempt.accepted` says that its status was a good one.
        """
        return generation.submit(self._session, "start-keywords", keyword_wire.start_body(order), before_send)

    def body_sha256(self, order: OptimizationOrder) -> str:
        """Return the SHA-256, in hexadecimal, of the bytes that `start` would send."""
        return hashlib.sha256(encode(keyword_wire.start_body(order))).hexdigest()

    def optimizations(
        self, type_: str, store: str, language: str, record_ids: Sequence[str] = (), *, states: Sequence[str] = ()
    ) -> Iterator[tuple[Optimization, ...]]:
        """Yield pages of the optimizations that there are: of some records, or of a whole store and language.

        Records without one are in no page. Ids and language come back in the asker's spelling. An answer that cannot
        be read to its end raises Unreachable: what is not told would else count as not there, be started again, and
        paid for again. NotFound is raised for the same reason: nobody knows that it means that there is nothing.
        """
        shared = [("storeId", store), ("type", type_), ("languageCode", keyword_wire.two_letters(language))]
        shared += [("status", one) for one in states]

        def query(ids: Sequence[str]) -> list[tuple[str, str]]:
            return [*shared, *(("recordIds", one) for one in ids), ("pageSize", "100")]

        waiting = list(dict.fromkeys(record_ids))
        for ids in self._session.parts("keyword-optimizations", waiting, query, len(waiting)) if waiting else [()]:

            def read(value: object, ids: Sequence[str] = ids) -> tuple[tuple[Optimization, ...], str]:
                rows, token = keyword_wire.optimizations(value, type_, store, language, ids)
                return tuple(row for row in rows if not ids or row.key.record_id in ids), token

            yield from texts.pages(self._session, "keyword-optimizations", query(ids), read)

    def result(self, key: RecordKey) -> KeywordResult | None:
        """Return all that is known of a record's keywords; None where nothing is."""
        try:
            answer = self._session.get("keyword-result", query=place(key))
        except NotFound:
            return None
        value = loose.parse(answer.body, "the keywords of a record")
        return keyword_wire.result(value, key, answer.body.decode("utf-8", "replace"))

    def choose(self, key: RecordKey, keywords: Sequence[str]) -> None:
        """Say which keywords a record's texts are to aim at."""
        self._write("update-keyword-data", key, {"keywords": list(keywords)})

    def optimize_text(self, key: RecordKey, text: str) -> tuple[str, ...]:
        """Have keywords found for a text. This may cost credits; it is sent once."""
        answer = self._session.write("optimize-for-text", query=place(key), body={"text": text})
        return keyword_wire.words(loose.parse(answer.body, "keywords"))

    def delete(self, key: RecordKey) -> None:
        """Delete a record's optimization."""
        self._write("delete-keywords", key)

    def delete_ranking(self, key: RecordKey) -> None:
        """Delete the keywords that a record's page ranks for."""
        self._write("delete-ranking-keywords", key)

    # Pipelines

    def states(
        self, type_: str, store: str, language: str, *, states: Sequence[str] = ()
    ) -> Iterator[tuple[KeywordStateRow, ...]]:
        """Yield pages of how far each keyword of a store and language is."""
        query = [("storeId", store), ("type", type_), ("languageCode", keyword_wire.two_letters(language))]
        query += [*(("states", one) for one in states), ("pageSize", "100")]
        return texts.pages(self._session, "keyword-states", query, keyword_wire.states, none=True)

    def create_pipeline(self, key: RecordKey, title: str, keywords: Sequence[str]) -> Pipeline | None:
        """Make a pipeline of keywords. This may cost credits; it is sent once."""
        body: Json = {"title": title, "keywords": list(keywords)}
        answer = self._session.write("create-pipeline", query=place(key), body=body)
        value = loose.thing(loose.opened(loose.parse(answer.body, "a pipeline")))
        return next(iter(keyword_wire.pipelines([loose.thing(loose.find(value, "pipeline")) or value])), None)

    def update_pipelines(self, key: RecordKey, lines: Sequence[tuple[str, Sequence[str]]]) -> None:
        """Replace the keywords of pipelines, by their ids. This may cost credits; it is sent once."""
        body: Json = {"pipelines": [{"pipelineId": one, "keywords": list(keywords)} for one, keywords in lines]}
        self._write("update-pipelines", key, body)

    def delete_pipeline(self, key: RecordKey, pipeline_id: str) -> None:
        """Delete a pipeline; `restore_pipeline` brings it back."""
        self._write("delete-pipeline", key, path_id=pipeline_id)

    def restore_pipeline(self, key: RecordKey, pipeline_id: str, *, snapshot_id: str = "") -> None:
        """Bring a deleted pipeline back, or as it was in a snapshot."""
        snapshot: Json = {"snapshotId": snapshot_id} if snapshot_id else {}
        self._write("restore-pipeline", key, {"pipelineId": pipeline_id, **snapshot})

    def add_triggers(self, key: RecordKey, triggers: Sequence[Trigger], *, pipeline_id: str = "") -> None:
        """Add triggers to one pipeline, or to all of a record. Without an action they flag for a rewrite."""
        body = keyword_wire.trigger_body(triggers)
        if pipeline_id:
            self._write("add-pipeline-triggers", key, body, path_id=pipeline_id)
        else:
            self._write("add-triggers", key, body)

    def lock(self, key: RecordKey, pipeline_id: str) -> None:
        """Keep a pipeline from changing by itself."""
        self._write("lock-pipeline", key, path_id=pipeline_id)

    def unlock(self, key: RecordKey, pipeline_id: str) -> None:
        """Let a pipeline change by itself again."""
        self._write("unlock-pipeline", key, path_id=pipeline_id)

    # Snapshots and typed keywords

    def snapshot(self, key: RecordKey, snapshot_id: str) -> tuple[Pipeline, ...]:
        """Return the pipelines of a snapshot. Raises NotFound."""
        value = self._session.get_json("keyword-snapshot", "a snapshot", path_id=snapshot_id, query=place(key))
        return keyword_wire.pipelines(value)

    def save_snapshot(self, key: RecordKey, snapshot_id: str = "") -> str:
        """Keep the pipelines as they are, in a new snapshot or in one again; return its id, empty when none is told."""
        body: Json = {"id": snapshot_id} if snapshot_id else {}
        answer = self._session.write("save-snapshot", query=place(key), body=body)
        value = loose.opened(loose.parse(answer.body, "a snapshot"))
        return loose.text(loose.find(loose.thing(value), "id", "snapshotId")) or snapshot_id

    def set_manual(self, key: RecordKey, keywords: Sequence[str]) -> None:
        """Store the keywords that somebody typed for a record, in place of those that were there."""
        self._write("add-manual-keywords", key, {"keywords": list(keywords)})

    def manual(self, key: RecordKey) -> tuple[str, ...]:
        """Return the keywords that somebody typed for a record."""
        try:
            value = self._session.get_json("manual-keywords", "keywords", query=place(key))
        except NotFound:
            return ()
        return keyword_wire.words(value)

    def _write(self, name: str, key: RecordKey, body: Json | None = None, *, path_id: str = "") -> None:
        self._session.write(name, path_id=path_id, query=place(key), body=body)
