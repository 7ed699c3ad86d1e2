"""What a store is: one project's layers, rows, change log and imports, behind one interface for both homes (design.md, decisions 1–3, 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Edit, RowStep, Step
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, Layers
from chuangwen.progress import Progress


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """Where imported features came from, and what was concluded about the file: shown to the user, kept for good."""

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

    def add_reference(self, layer: Layer) -> None:
        """Make room for a reference layer: any vector file shown as an overlay with its own fields."""

    def count(self, layer: str) -> int:
        """How many features a layer has."""

    def features(self, layer: str, ids: Sequence[str] | None = None) -> Features:
        """All features of a layer in the order they were added, or those of `ids`. Fields the file does not have yet are None."""

    def write(
        self, edit: Edit, by: str, kind: str = "do", of: int | None = None, imported: ImportRecord | None = None, progress: Progress | None = None
    ) -> Step:
        """Write an edit and its log rows in one transaction. `imported` is recorded with it.

        Raises `Conflict` when a touched column no longer holds `before`, `FileProblem` when the disk or the file will not; then nothing is written.
        """

    def steps(self, since: int = 0) -> list[Step]:
        """The written edits with a number above `since`, oldest first."""

    def edit_of(self, number: int) -> Edit:
        """The edit of a step, from the log. Raises `Conflict` when a row it added has been changed since, so that it cannot be taken back."""

    def row_steps(self, layer: str, row_id: str) -> list[RowStep]:
        """What happened to one row, newest first."""

    def touched_since(self, number: int) -> dict[str, set[str]]:
        """Layer → ids touched by steps above `number`: what a colleague wrote while we looked elsewhere."""

    def imports(self) -> list[ImportRecord]:
        """All imports, newest first."""

    def close(self) -> None:
        """Let go of the file."""
