"""Cells to records and problems. Pure: values in, values out; no file, clock or network.

`to_workbook` reads and checks what `sync.tables.Tables` holds; `input_digest` hashes what shapes a text.
"""

from __future__ import annotations

from sync.records.digest import input_digest, input_digests
from sync.records.merge import to_workbook
from sync.records.sequence import ByKey, Names, Records, only

__all__ = ["ByKey", "Names", "Records", "input_digest", "input_digests", "only", "to_workbook"]
