"""The calls about reviews: editors' requests for change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sync.errors import NotFound, Unreachable
from sync.service import body, loose, results, review_wire
from sync.service.texts import pages, status_query

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.model import RecordKey, Review, ReviewRequest
    from sync.service.rows import StatusRow
    from sync.service.session import Session


class Reviews:
    """Reached as `service.reviews`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, record: RecordKey) -> tuple[Review, ...]:
        """Return all reviews of one record, the settled ones too; those made in other languages are left out."""
        query = [("type", record.type), ("recordId", record.record_id), ("language", record.language), ("all", "true")]
        try:
            value = self._session.get_json("reviews", "reviews", query=query, language=record.language)
        except NotFound:
            return ()
        return review_wire.reviews(value, record)

    def status_pages(
        self,
        type_: str,
        *,
        store: str = "",
        language: str = "",
        start: float | None = None,
        end: float | None = None,
        fields: Sequence[str] = (),
        states: Sequence[str] = (),
        user: str = "",
        page_size: int = 100,
    ) -> Iterator[tuple[StatusRow, ...]]:
        """Yield pages of texts for which a change is asked, from `start` (inclusive) to `end`, in seconds since 1970.

        `states` are words of the service: EditForRewrite, EditForCorrection, EditForRewriteAndCorrection. An answer
        that cannot be read to its last row raises Unreachable.
        """
        query = status_query(
            type_, store, language, (start, end), fields=fields, states=states, user=user, page_size=page_size
        )
        return pages(self._session, "review-status", query, results.status_page)

    def save(self, request: ReviewRequest, *, at: float) -> str:
        """Ask for a change, or change what was asked; return its id, empty when the answer names none.

        `at`: the time to put on it, in seconds since 1970. Raises NotFound for an unknown `review_id`.
        """
        content = review_wire.review_body(request, body.time(at))
        answer = self._session.write("review", body=content, language=request.key.language)
        try:
            return review_wire.review_id(loose.parse(answer.body, "a review"), request.review_id)
        except Unreachable:
            return request.review_id

    def settle(self, review: Review, *, at: float, text_types: Sequence[str] = ()) -> None:
        """Mark what a review asks for as done, of all its texts or of some; `at` in seconds since 1970."""
        content = review_wire.settle_body(review, tuple(text_types), body.time(at))
        self._session.write("review", body=content, language=review.key.language)
