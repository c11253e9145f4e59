"""The calls about images and alt texts: part of the table in `endpoints`."""

from __future__ import annotations

from sync.service.endpoint import Endpoint, Source

_DOCUMENTED, _SEEN = Source.DOCUMENTED, Source.SEEN

IMAGE_CALLS = (
    Endpoint(
        "image",
        "GET",
        "/text/Image",
        _DOCUMENTED,
        note="The fields are the plugin's: `imageId`, `url`, `imageDataExpires`, `altText` of `{id, value, history}`.",
    ),
    Endpoint(
        "images",
        "GET",
        "/text/Image/List",
        _DOCUMENTED,
        note="Ids go as `images[0]=`, as the plugin writes them. Assumed: images that are not there are left out, and "
        "404 means that none of them is.",
    ),
    Endpoint(
        "upload-image",
        "POST",
        "/text/image",
        _DOCUMENTED,
        note="Nothing says that it costs credits. `ipAddress` is required; `::1` is sent, as in the page's example. "
        "Assumed: it answers with the image. What comes without `overwrite` when the id is taken is not known; the "
        "simulator refuses with 400. No size limit is known: wtsync's own is 10 MB.",
    ),
    Endpoint(
        "alt-text",
        "POST",
        "/text/Image/altText",
        _DOCUMENTED,
        note="The page was seen up to `textId`; `value`, `publish` and `reviewed` are the plugin's. The answer is "
        "ignored.",
    ),
    Endpoint(
        "alt-texts",
        "POST",
        "/text/Image/altText/batch",
        _DOCUMENTED,
        note="Also documented among the reviews, as a batch that is submitted for review. Whether a 404 leaves the "
        "others stored, and how many may go at once, is not known. The answer is ignored.",
    ),
    Endpoint(
        "generate-alt-texts",
        "POST",
        "/text/Image/GenerateAltText",
        _SEEN,
        billable=True,
        cost="`altText` of the price list for a request of up to `maxImageAltTextPerRequest` images",
        note="Of the answer only `texts[].imageId` was seen; assumed: the words are in `value`, or first in `outputs`.",
    ),
)
