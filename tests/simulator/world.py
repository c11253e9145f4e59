"""A simulator in this process, a clock turned by hand, and short ways to call it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from sync.simulator import DEFAULT_KEY, Simulator, create_app

BEGIN = 1_750_000_000.0
Json = dict[str, Any]


class World:
    def __init__(self, *, time: float = BEGIN, **settings: Any) -> None:
        self.time = time
        self.slept: list[float] = []
        self.simulator = Simulator(clock=lambda: self.time, **settings)
        self.app = create_app(self.simulator, sleep=self._sleep)
        self.token = ""

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        if not self.token:
            self.sign_in()
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        return self.bare(method, path, headers=headers, **options)

    def bare(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sim.test:81") as client:
                return await client.request(method, path, **options)

        return asyncio.run(send())

    def sign_in(self) -> Json:
        answer = self.bare("GET", "/web/apitoken/accesstoken", headers={"WriteTextAI-Token": DEFAULT_KEY})
        assert answer.status_code == 200, answer.text
        content: Json = answer.json()
        self.token = content["access_token"]
        return content

    def get(self, path: str, **query: Any) -> Any:
        answer = self.call("GET", path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.call("POST", path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order(self, *records: str, **more: Any) -> str:
        answer = self.post("/text/generate", order(*records, **more))
        identity: str = answer["requestId"]
        assert identity
        return identity

    def bulk(self, identity: str) -> Json:
        content: Json = self.get(f"/text/Generate/Bulk/{identity}")
        return content

    def ledger(self) -> list[Json]:
        charges: list[Json] = self.get("/_simulator/ledger")
        return charges

    def faults(self, spec: object) -> None:
        self.post("/_simulator/faults", spec)


def record(identity: str, *fields: str, **more: Any) -> Json:
    """Make one entry of `Texts`."""
    wanted = [{"field": field} for field in fields or ("page title",)]
    return {"recordId": identity, "name": f"Oak stool {identity}", "fields": wanted, **more}


def order(*records: str, fields: tuple[str, ...] = ("page title",), **more: Any) -> Json:
    """Make the body of an order for records of these ids; queued even when there is one."""
    texts = [record(identity, *fields) for identity in records]
    return {"type": "Product", "storeId": "shop", "language": "en", "queue": True, "Texts": texts, **more}
