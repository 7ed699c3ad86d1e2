"""What a store is: one project's layers, rows, change log and imports, behind one interface for both homes (design.md, decisions 1–3, 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Edit, RowStep, Step
from chuangwen.domain.feature import Features
from chuangwen.domain.imprint import Imprint
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.values import Scalar, Values
from chuangwen.progress import Progress


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """Where imported features came from, and what was concluded about the file: shown to the user, kept for good.

    `list_key` is the same for the same list tomorrow; `answers`: doubt's key → what the user chose. `undone` is read from the log: its edit was taken back.
    """

    id: str
    layer: str
    file: str  # name only: the path of somebody's USB stick says nothing tomorrow
    sha256: str
    at: dt.datetime
    sheet: str = ""
    encoding: str = ""
    encoding_evidence: str = ""
    crs: str = ""
    crs_evidence: str = ""
    read: int = 0
    added: int = 0
    changed: int = 0
    rejected: int = 0
    unchanged: int = 0
    profile: str = ""
    list_key: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    undone: bool = False


@dataclass(frozen=True, slots=True)
class SourceRows:
    """What the rows of an import said of the features of one layer, in columns of n: `ids` of the features, `rows` of the source, `said` field → values
    (None: the cell was empty).

    `parts` (from 1 where a row was split, else 0) and `sheets` may be empty: nothing to say of any row. `numbers` are the sender's own ('' for none);
    where they are empty, the code that the row said is its number.
    """

    layer: str
    ids: Sequence[str] = ()
    rows: Sequence[int] = ()
    said: Mapping[str, Sequence[Scalar]] = field(default_factory=dict)
    parts: Sequence[int] = ()
    sheets: Sequence[str] = ()
    numbers: Sequence[str] = ()

    def __len__(self) -> int:
        return len(self.ids)


def newest_of(layer: str, several: Sequence[SourceRows]) -> SourceRows:
    """What was said of each feature and field, by the first of `several` that says anything of it."""
    place = {row_id: at for at, row_id in enumerate(dict.fromkeys(row_id for some in several for row_id in some.ids))}
    said: dict[str, list[Scalar]] = {}
    for some in several:
        home = [place[row_id] for row_id in some.ids]
        for name, column in some.said.items():
            target = said.setdefault(name, [None] * len(place))
            for at, value in zip(home, column, strict=True):
                if target[at] is None:
                    target[at] = value
    return SourceRows(layer, list(place), [0] * len(place), said)


class Source(NamedTuple):
    """Where one feature stood in one import's file."""

    record: ImportRecord
    row: int
    sheet: str = ""
    part: int = 0
    number: str = ""


class SheetKey(NamedTuple):
    """Which sheet of paper: its product, its subject (the feature's id, so that a new name or code changes nothing; else a code), its part of several."""

    product: str
    subject: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """A sheet as it went out with a packet. `fingerprint` tells whether it would look the same today, `facts` (JSON) what has changed; of older printings of
    the same sheet on the same paper the facts are not kept.
    """

    key: SheetKey
    paper: str
    code: str
    fingerprint: str
    facts: str
    packet: str
    at: dt.datetime
    by: str


class Update(NamedTuple):
    """What a step did to one row that was there before and after: touched columns only."""

    step: int
    row_id: str
    before: Values
    after: Values


class Store(Protocol):
    """One project. A store object belongs to one thread; open another for another thread.

    Opening changes no byte. Every `write` is one transaction: on disk when it returns, or nothing happened.
    """

    @property
    def epsg(self) -> int:
        """The project's CRS."""

    @property
    def epsg_is_open(self) -> bool:
        """Whether the CRS is still to be chosen from the first data; until then `epsg` is a stand-in in which nothing lies."""

    def settle_epsg(self, epsg: int) -> None:
        """Choose the CRS for good; only while it is open."""

    @property
    def campaign(self) -> Campaign:
        """Title and dates."""

    @property
    def layers(self) -> Layers:
        """The declared layers and the project's reference layers."""

    def set_campaign(self, campaign: Campaign) -> None:
        """Keep other titles and dates."""

    @property
    def calendar_text(self) -> str:
        """What the office changed in the working calendar, as `services.timing` writes it; '' where nothing."""

    def set_calendar_text(self, text: str) -> None:
        """Keep another one."""

    def add_reference(self, layer: Layer) -> None:
        """Make room for a reference layer: any vector file shown as an overlay with its own fields."""

    def count(self, layer: str) -> int:
        """How many features a layer has."""

    def features(self, layer: str, ids: Sequence[str] | None = None) -> Features:
        """All features of a layer in the order they were added, or those of `ids`. Fields the file does not have yet are None."""

    def write(
        self,
        edit: Edit,
        by: str,
        kind: str = "do",
        of: int | None = None,
        imported: ImportRecord | None = None,
        progress: Progress | None = None,
        sources: Sequence[SourceRows] = (),
        role: str = "",
    ) -> Step:
        """Write an edit and its log rows in one transaction. `imported` is recorded with it, and what its rows said; `role` is that of `by` (domain.md 8.5).

        Raises `Conflict` when a touched column no longer holds `before`, `FileProblem` when the disk or the file will not; then nothing is written.
        """

    def steps(self, since: int = 0) -> list[Step]:
        """The written edits with a number above `since`, oldest first."""

    def edit_of(self, number: int) -> Edit:
        """The edit of a step, from the log. Raises `Conflict` when a row it added has been changed since, so that it cannot be taken back."""

    def as_of(self, layer: str, number: int) -> Features:
        """All features of a layer as they stood after step `number` (0: before the first), from the log; features removed since come last."""

    def row_steps(self, layer: str, row_id: str) -> list[RowStep]:
        """What happened to one row, newest first."""

    def updates(self, layer: str, fields: Sequence[str]) -> list[Update]:
        """All updates of a layer that touched one of `fields`, oldest first: one query, for figures of a period."""

    def touched_since(self, number: int) -> dict[str, set[str]]:
        """Layer → ids touched by steps above `number`: what a colleague wrote while we looked elsewhere."""

    def note_import(self, record: ImportRecord, sources: Sequence[SourceRows] = ()) -> None:
        """Record an import that changed nothing: no step, nothing to undo, but what the list said is known."""

    def step_of(self, import_id: str) -> Step | None:
        """The step that an import stands by: the one to undo. None where it changed nothing or was taken back."""

    def touched_by(self, number: int) -> dict[str, set[str]]:
        """Layer → ids touched by one step."""

    def imports(self) -> list[ImportRecord]:
        """All imports, newest first."""

    def source_rows(self, import_id: str) -> SourceRows:
        """What an import's rows said of the features of its layer; no rows where the import is older than such notes."""

    def sources(self, layer: str, row_id: str) -> list[Source]:
        """The places of a feature in the files it came from or was compared with, newest first; undone imports too."""

    def profiles(self) -> list[tuple[str, str]]:
        """How senders' lists are read: name and declaration (JSON), the last used first."""

    def keep_profile(self, name: str, declaration: str) -> None:
        """Keep a profile, in place of one of that name, as the last used."""

    @property
    def imprint(self) -> Imprint:
        """What stands on every sheet of paper: heading, issuing office, logo, foot, mark."""

    def set_imprint(self, imprint: Imprint) -> None:
        """Keep another one."""

    def printed(self) -> dict[tuple[SheetKey, str], PrintedSheet]:
        """Sheet and paper → its last printing."""

    def note_packet(self, sheets: Sequence[PrintedSheet]) -> None:
        """Record what was printed, all of it or nothing. Called when the file is written."""

    def handwork(self) -> dict[SheetKey, str]:
        """Sheet → what was changed on it by hand (JSON)."""

    def keep_handwork(self, key: SheetKey, content: str) -> None:
        """Keep what was changed by hand on a sheet, in place of what was kept; '' forgets it."""

    def forget_handwork(self, product: str = "") -> None:
        """Forget what was changed by hand on all sheets (of a product)."""

    def close(self) -> None:
        """Let go of the file."""
