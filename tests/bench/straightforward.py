"""What one writes in an hour: read with openpyxl, order with httpx, ask until it is done, save with openpyxl.

`python straightforward.py WORKBOOK`; address and key are in WTSYNC_API_URL and WTSYNC_API_KEY. It is here to be
compared with: docs/benchmarks.md says what it takes, and what it does not do. Prints how many requests it made.
"""

from __future__ import annotations

import os
import sys
import time

import httpx
import openpyxl

CHUNK = 50
TEXTS = ("page title", "page description", "product description", "excerpt", "open graph text")
KNOWN = ("record id", "name", "sku", "keywords", "other details")


def main(path: str) -> int:
    """Fill the empty texts of every row; give the number of requests."""
    book = openpyxl.load_workbook(path)
    sheet = book["Records"]
    columns = {str(cell.value).lower(): place for place, cell in enumerate(sheet[1], 1)}
    rows = {str(sheet.cell(row, columns["record id"]).value): row for row in range(2, sheet.max_row + 1)}

    def record(identity: str) -> dict[str, object]:
        cells = {name: str(sheet.cell(rows[identity], at).value or "") for name, at in columns.items()}
        more = [{"Name": name, "Value": cells[name]} for name in cells if name not in KNOWN + TEXTS and cells[name]]
        wanted = [{"field": name} for name in TEXTS if not cells[name]]
        named = {"recordId": identity, "name": cells["name"], "sku": cells["sku"], "otherDetails": cells[KNOWN[4]]}
        return {**named, "keywords": cells["keywords"].split(", "), "attributes": more, "fields": wanted}

    asked = 1
    with httpx.Client(base_url=os.environ["WTSYNC_API_URL"], timeout=60, trust_env=False) as client:
        key = {"WriteTextAI-Token": os.environ["WTSYNC_API_KEY"]}
        token = client.get("/web/apitoken/accesstoken", headers=key).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        ids = list(rows)
        for at in range(0, len(ids), CHUNK):
            chunk = ids[at : at + CHUNK]
            body = {"type": "Product", "storeId": "default", "language": "en", "queue": True}
            order = client.post("/text/generate", json={**body, "Texts": [record(one) for one in chunk]})
            request, state, asked = order.raise_for_status().json()["requestId"], "", asked + 2
            while state not in {"Completed", "Failed", "Cancelled", "TimedOut"}:
                time.sleep(1)
                state, asked = (
                    client.get(f"/text/Generate/Bulk/{request}").raise_for_status().json()["status"],
                    asked + 1,
                )
            query = {"type": "Product", "storeId": "default", "language": "en", "recordId": ",".join(chunk)}
            for found in client.get("/text/Generate", params=query).raise_for_status().json()["records"]:
                for text in found["stores"]:
                    sheet.cell(rows[found["recordId"]], columns[text["field"]], text["texts"][0]["value"])
    book.save(path)
    return asked


if __name__ == "__main__":
    sys.stdout.write(f"{main(sys.argv[1])}\n")
