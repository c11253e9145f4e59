"""The service client: typed calls, sign-in, retries of reads, and the one billable call that is never repeated.

Knows HTTP and the service's spelling; knows nothing of workbooks, journals or runs.
"""

from sync.service.client import Service
from sync.service.key import ApiKey, api_url, find_key, forget_key, store_key
from sync.service.message import Patience
from sync.service.probing import Place
from sync.service.reference import Cached
from sync.service.rows import HistoryRow, StatusRow
from sync.service.secret import Secret

__all__ = [
    "ApiKey",
    "Cached",
    "HistoryRow",
    "Patience",
    "Place",
    "Secret",
    "Service",
    "StatusRow",
    "api_url",
    "find_key",
    "forget_key",
    "store_key",
]
