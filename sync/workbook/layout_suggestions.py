"""The names on the sheet with what the service suggests for records."""

from __future__ import annotations

SUGGESTIONS = "Suggestions"
SUGGESTION_HEADINGS = (
    "Record ID", "Name", "Kind", "Suggestion", "Decision", "State", "Goes into", "There now", "Message", "Type",
    "Store", "Language",
)  # fmt: skip
SUGGESTION_SHEETS = {
    SUGGESTIONS: ("Record ID", "Type", "Store", "Language", "Kind", "Suggestion", "Decision", "State", "Message"),
}
"""The headings that make the sheet ours, among them those that name a row."""

ACCEPT, REPLACE, DISMISS = "accept", "replace", "dismiss"
SUGGESTION_CHOICES = (ACCEPT, REPLACE, DISMISS)
