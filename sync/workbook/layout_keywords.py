"""The names on the sheets about keywords: what is written on them, and what makes each of them ours."""

from __future__ import annotations

KEYWORDS = "Keywords"
PIPELINES = "Pipelines"
KEYWORD_RUNS = "Keyword runs"
MANUAL_KEYWORDS = "Manual keywords"

OF_RECORD = ("Record ID", "Type", "Store", "Language")
"""What names a record on each of them."""

KEYWORD_HEADINGS = (
    "Needs a person", "Record ID", "Name", "Keyword", "Decision", "Search volume", "Difficulty", "Intent", "Rank now",
    "Rank before", "Change", "State", "In current text?", "Also targeted by", "Group", "Cluster", "Pipeline", "Level",
    "Data as of", "Done", "Message", "Type", "Store", "Language", "Country",
)  # fmt: skip
PIPELINE_HEADINGS = (
    "Record ID", "Name", "Pipeline", "Title", "Level", "Keyword in use", "Rank", "Locked?", "Deleted?", "Decision",
    "Trigger condition", "Trigger value", "Trigger action", "Text types", "Snapshot id", "Done", "Message", "Type",
    "Store", "Language", "Country",
)  # fmt: skip
RUN_HEADINGS = (
    "Needs a person", "Record ID", "Name", "Status", "Error or note", "Primary keyword", "Best rank", "Keywords found",
    "Keywords ready", "Keywords generated", "Keywords published", "Clusters asked", "Clusters found",
    "Credits expected", "Credits booked", "Started at", "Finished at", "Last checked", "URL", "Type", "Store",
    "Language", "Country",
)  # fmt: skip
MANUAL_HEADINGS = ("Record ID", "Keyword", "Add or remove", "Done?", "Message", "Type", "Store", "Language")

KEYWORD_SHEETS = {
    KEYWORDS: (*OF_RECORD, "Keyword", "Decision"),
    PIPELINES: (*OF_RECORD, "Pipeline", "Decision"),
    KEYWORD_RUNS: (*OF_RECORD, "Status"),
    MANUAL_KEYWORDS: ("Record ID", "Keyword", "Add or remove", "Done?", "Message"),
}
"""The headings that make each sheet ours. Whoever does not want to see one of the others may delete it."""

KEYWORD_CHOICES = ("use", "drop")
PIPELINE_CHOICES = (
    "lock", "unlock", "delete", "restore", "trigger", "trigger automatic", "snapshot", "restore snapshot",
)  # fmt: skip
MANUAL_CHOICES = ("add", "remove")
