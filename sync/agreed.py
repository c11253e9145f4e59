"""What is agreed on each text, by the journal and the workbook's own notes together. Pure.

| the journal | the workbook | what counts |
|---|---|---|
| knows the text | says nothing | the journal |
| knows nothing | says something | the workbook |
| knows the text | says the same | that |
| knows the text | says something else | the one whose text the service has; else whose text id it has; else the newer |
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sync.model import UNSEEN, Base, Cell, Origin, TextKey, normal, same
from sync.provenance import entry, known, moment, proves, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from sync.model import Record, RemoteState, RemoteText
    from sync.provenance import Entry, Provenance


@dataclass(slots=True)
class Merged:
    """What is agreed, by the journal and the sheet together."""

    bases: dict[TextKey, Base]
    learned: dict[TextKey, Base] = field(default_factory=dict)
    """Of these, what the sheet says and the journal does not."""
    settled: dict[TextKey, str] = field(default_factory=dict)
    """How it was decided, where journal and sheet differ or only the sheet knows."""
    elsewhere: dict[TextKey, str] = field(default_factory=dict)
    """Texts in the workbook that another, simulated service made."""
    shared: bool = False
    """Somebody works on this workbook with another journal."""
    strange: tuple[str, ...] = ()
    """Cells and rows of the sheet that cannot be made out."""


def merge(
    provenance: Provenance,
    service: str,
    records: Iterable[Record],
    remote: RemoteState,
    bases: Mapping[TextKey, Base],
    runs: Collection[str],
    digests_of: Callable[[Record], Mapping[str, str]],
) -> Merged:
    """Bring together what the journal (`bases`, `runs`) and the sheet know of the records' texts.

    Where only one knows of a text, that counts. Where they differ, it is the one whose value the service has now; else
    the one whose text id it has; else the newer. The sheet's words are looked for in the cell and on the service.
    """
    merged = Merged(dict(bases))
    strange = [f"row {row}" for row in provenance.strange]
    others = sorted((provenance.at.keys() - {service}) & provenance.simulated)
    rows, columns = provenance.at.get(service, {}), provenance.texts
    for record in records:
        if others:
            merged.elsewhere.update(_made_by(others, record, provenance))
        at, digests = rows.get(record.key), None
        for wanted in record.wanted:
            key = TextKey(record.key, wanted.text_type)
            base = bases.get(key)
            if base is not None and base.run_id and base.run_id not in runs:
                merged.shared = True
            texts = columns.get(wanted.text_type)
            text = texts[at] if at is not None and texts is not None else ""
            if not text or (base is not None and text.startswith(f"{known(base)} ")):
                continue
            said = entry(text)
            if said is None:
                strange.append(_where(provenance, service, key))
                continue
            merged.shared = merged.shared or (bool(said.run_id) and said.run_id not in runs)
            cell, theirs = record.texts.get(wanted.text_type, ""), remote.texts.get(key)
            digest = ""
            if said.input_digest:
                digests = digests_of(record) if digests is None else digests
                digest = digests[wanted.text_type]
            other = _base(service, key, text, said, cell, theirs, digest, simulated=service in provenance.simulated)
            chosen, merged.settled[key] = _settled(base, other, theirs)
            if chosen is other:
                merged.bases[key] = merged.learned[key] = chosen
    merged.strange = tuple(strange)
    return merged


def _made_by(others: Iterable[str], record: Record, provenance: Provenance) -> Iterator[tuple[TextKey, str]]:
    """Find the record's texts that another, simulated service made."""
    for wanted in record.wanted:
        key, cell = TextKey(record.key, wanted.text_type), record.texts.get(wanted.text_type, "")
        for other in others:
            if normal(cell) and (told := provenance.text(other, key)) and proves(other, key, told, cell):
                yield key, cell


def _where(provenance: Provenance, service: str, key: TextKey) -> str:
    row = provenance.notes.rows[provenance.at[service][key.record]]
    return str(Cell(provenance.notes.sheet, row, provenance.columns[key.text_type]))


def _base(
    service: str,
    key: TextKey,
    text: str,
    said: Entry,
    cell: str,
    theirs: RemoteText | None,
    digest: str,
    *,
    simulated: bool,
) -> Base:
    """Make a base of what a cell of the sheet says. Its words are those that it proves, or nobody's.

    `digest` is the input digest now: it counts where the sheet says its beginning.
    """
    if proves(service, key, text, cell):
        value = cell
    elif theirs is not None and theirs.value != cell and proves(service, key, text, theirs.value):
        value = theirs.value
    else:
        value = UNSEEN
    return Base(
        value,
        said.text_id,
        digest if digest.startswith(said.input_digest) else said.input_digest,
        said.origin,
        simulated=simulated,
        run_id=said.run_id,
        at=moment(said.stamp) or 0.0,
    )


def _settled(ours: Base | None, theirs: Base, there: RemoteText | None) -> tuple[Base, str]:
    """Choose between what the journal says and what the sheet says; give the reason too."""
    if ours is None:
        return theirs, "known from the workbook"
    if there is not None:
        by_value = [base for base in (ours, theirs) if same(base.value, there.value)]
        by_id = [base for base in by_value or (ours, theirs) if base.text_id == there.text_id]
        for found in (by_value, by_id):
            if len(found) == 1:
                whose = "the journal" if found[0] is ours else "the workbook"
                return found[0], f"journal and workbook differ; the service has what {whose} says"
    newer = theirs if stamp(theirs.at) > stamp(ours.at) else ours
    whose = "the journal" if newer is ours else "the workbook"
    return newer, f"journal and workbook differ; what {whose} says is newer"


def told(base: Base | None, settled: str = "") -> str:
    """Say of one text where its agreed value comes from: who made it, when, in which run."""
    if base is None:
        return "nothing is agreed on yet"
    words = [_ORIGINS[base.origin]]
    words += [f"by run {base.run_id}"] if base.run_id else []
    words += [f"on {time.strftime('%Y-%m-%d %H:%M', time.gmtime(base.at))} UTC"] if base.at else []
    words += [f"as text {base.text_id}"] if base.text_id else []
    simulated = " (simulated)" if base.simulated else ""
    unseen = "; the words are not known here" if base.value == UNSEEN else ""
    return f"{' '.join(words)}{simulated}{unseen}; {settled or 'known from the journal'}"


_ORIGINS = {origin: origin.value for origin in Origin} | {Origin.PUSHED: "a person's words, sent back"}
