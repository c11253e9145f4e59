"""The calls about keywords: part of the table in `endpoints`.

Twenty are listed in the documentation's navigation; of six the path is shown, and of none the answer. What an answer is
taken to look like is in `keyword_wire`, in one place, and told by `doctor --live` where it turns out otherwise.
"""

from __future__ import annotations

from sync.service.endpoint import Endpoint, Paging, Source

_DOCUMENTED, _ASSUMED = Source.DOCUMENTED, Source.ASSUMED
_BASE = "/text/Keywords/Optimization"
_PIPELINES = f"{_BASE}/Pipelines"
_UNKNOWN = "not known, so it counts as costing (the vendor's price table does not name it)"
_PLACE = "Assumed: `storeId`, `type`, `recordId` and `languageCode` (two letters) go into the query"

KEYWORD_CALLS = (
    Endpoint(
        "start-keywords",
        "PUT",
        _BASE,
        _DOCUMENTED,
        billable=True,
        cost="6 for an analysis, by the vendor's price table; that this call is one is assumed",
        note="Assumed: "
        "the parameters go into the body; every 2xx means that it was started. A second start is taken to cost again. "
        "The language goes as two letters, which is all that the other keyword calls take. `triggers` is sent only on "
        "request, as `[{action: FlagForRewrite}]`, whose form is assumed.",
    ),
    Endpoint(
        "keyword-optimizations",
        "GET",
        f"{_BASE}/List",
        _DOCUMENTED,
        paging=Paging.TOKEN,
        note="The answer is not shown. Assumed: `records` (or `optimizations`, `items`, or a bare list) of `recordId`, "
        "`status`, a time, `error`; several values of one parameter go as the same name again and again. The last page "
        "has no token, a null or an empty one. A page without its list, an entry without its record and a 404 (not "
        "documented) are not taken for nothing: they stop what would start anew.",
    ),
    Endpoint(
        "keyword-result",
        "GET",
        _BASE,
        _ASSUMED,
        note=f"Only the title is known. {_PLACE}; 404 means that there is none; the answer has `status`, `keywords` "
        "and `pipelines`.",
    ),
    Endpoint("delete-keywords", "DELETE", _BASE, _ASSUMED, note=f"Only the title is known. {_PLACE}."),
    Endpoint(
        "update-keyword-data",
        "PUT",
        f"{_BASE}/Data",
        _ASSUMED,
        destructive=True,
        note=f"Only the title is known. {_PLACE}, and the chosen keywords into the body, as `keywords`.",
    ),
    Endpoint(
        "optimize-for-text",
        "POST",
        "/text/Keywords/OptimizeForText",
        _ASSUMED,
        billable=True,
        cost=_UNKNOWN,
        note=f"Only the title is known. {_PLACE}, the text into the body; the answer has `keywords`.",
    ),
    Endpoint(
        "delete-ranking-keywords",
        "DELETE",
        f"{_BASE}/RankingKeywords",
        _ASSUMED,
        note=f"Only the title is known. {_PLACE}.",
    ),
    Endpoint(
        "keyword-states",
        "GET",
        f"{_PIPELINES}/KeywordState",
        _DOCUMENTED,
        paging=Paging.TOKEN,
        note="The answer is not shown. Assumed: `records` (or `keywords`, `items`, or a bare list) of `recordId`, "
        "`keyword`, `state`, `pipelineId`.",
    ),
    Endpoint(
        "update-pipelines",
        "PUT",
        _PIPELINES,
        _ASSUMED,
        billable=True,
        cost="not known; 1 for a pipeline refreshed by hand, by the vendor's price table",
        destructive=True,
        note=f"Only the title is known. {_PLACE}, `pipelines` into the body.",
    ),
    Endpoint(
        "create-pipeline",
        "POST",
        _PIPELINES,
        _ASSUMED,
        billable=True,
        cost=_UNKNOWN,
        note=f"Only the title is known. {_PLACE}, `title` and `keywords` into the body; the answer is the pipeline.",
    ),
    Endpoint("delete-pipeline", "DELETE", f"{_PIPELINES}/{{id}}", _ASSUMED, note=f"Only the title is known. {_PLACE}."),
    Endpoint(
        "restore-pipeline",
        "POST",
        f"{_PIPELINES}/Restore",
        _DOCUMENTED,
        note="The page was seen up to `languageCode`. Assumed: the four go into the query, and `pipelineId` or "
        "`snapshotId` into the body. The answer is not read.",
    ),
    Endpoint(
        "add-triggers",
        "POST",
        f"{_PIPELINES}/Triggers",
        _DOCUMENTED,
        note="The page was seen up to `languageCode`. Assumed: the four go into the query, and `triggers` of `{option, "
        "value, action, textTypes}` into the body, for all pipelines of the record. `FlagForRewrite` is the one action "
        "that is documented.",
    ),
    Endpoint(
        "add-pipeline-triggers",
        "POST",
        f"{_PIPELINES}/{{id}}/Triggers",
        _ASSUMED,
        note=f"Only the title is known. {_PLACE}, and `triggers` into the body.",
    ),
    Endpoint(
        "lock-pipeline", "POST", f"{_PIPELINES}/{{id}}/Lock", _ASSUMED, note=f"Only the title is known. {_PLACE}."
    ),
    Endpoint(
        "unlock-pipeline", "POST", f"{_PIPELINES}/{{id}}/Unlock", _ASSUMED, note=f"Only the title is known. {_PLACE}."
    ),
    Endpoint(
        "keyword-snapshot",
        "GET",
        f"{_BASE}/Snapshots/{{id}}",
        _DOCUMENTED,
        note="The page was seen up to `languageCode`; the answer is not shown. Assumed: it has `pipelines`.",
    ),
    Endpoint(
        "save-snapshot",
        "PUT",
        f"{_BASE}/Snapshots",
        _ASSUMED,
        note=f"Only the title is known. {_PLACE}; with `id` in the body that snapshot is written again; the answer has "
        "`id`.",
    ),
    Endpoint(
        "add-manual-keywords",
        "POST",
        "/text/Keywords/Manual",
        _ASSUMED,
        note=f"Only the title is known. {_PLACE}, `keywords` into the body: all that there are to be.",
    ),
    Endpoint(
        "manual-keywords",
        "GET",
        "/text/Keywords/Manual",
        _ASSUMED,
        note=f"Only the title is known. {_PLACE}; the answer has `keywords`.",
    ),
)
