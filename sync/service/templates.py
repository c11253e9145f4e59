"""The calls about template settings, about which everything is assumed.

The API's navigation names such a section, and none of its pages has been seen. Expect NotFound, and read
`Template.raw` before believing the rest.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sync.model import Template
from sync.service.loose import find, flag, items, opened, text, thing, things

if TYPE_CHECKING:
    from sync.service.session import Session


class Templates:
    """Reached as `service.templates`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, type_: str, *, store: str = "") -> tuple[Template, ...]:
        """Return the account's templates for records of a type. Raises NotFound where there is no such call."""
        query = [("type", type_), ("storeId", store)]
        return templates(self._session.get_json("template-settings", "template settings", query=query))

    def choose(self, type_: str, template_id: str, *, store: str = "") -> None:
        """Use a template from now on. Raises NotFound where there is no such call, or no such template."""
        content = {"type": type_, "storeId": store, "id": template_id, "default": True}
        self._session.write("choose-template", body={name: one for name, one in content.items() if one != ""})


def templates(value: object) -> tuple[Template, ...]:
    """Read templates: `templates[]` of `{id, name, type, field, default}`, or such a list by itself."""
    data = opened(value)
    inner = find(data, "templates", "templateSettings", "settings", "items") if isinstance(data, dict) else data
    found = []
    for entry in things(items(inner)):
        identity = text(find(entry, "id", "templateId"))
        name = text(find(entry, "name", "title")) or identity
        if identity or name:
            found.append(
                Template(
                    template_id=identity or name,
                    name=name,
                    type=text(find(entry, "type", "recordType")),
                    text_type=text(find(entry, "field", "textType")),
                    chosen=flag(find(thing(entry), "default", "isDefault", "selected")),
                    raw=json.dumps(entry, ensure_ascii=True, separators=(",", ":")),
                )
            )
    return tuple(found)
