"""The names on the sheet with editors' requests for change."""

from __future__ import annotations

REVIEWS = "Reviews"
REVIEW_HEADINGS = (
    "Record ID", "Name", "Text", "Asked for", "Comment", "Text now", "By", "When", "State", "Decision", "Message",
    "Type", "Store", "Language", "Review id",
)  # fmt: skip
REVIEW_SHEETS = {REVIEWS: ("Record ID", "Text", "Asked for", "Comment", "Decision", "Message", "Review id")}
"""The headings that make the sheet ours."""

DONE, ASK = "done", "ask"
REVIEW_CHOICES = (DONE, ASK)
