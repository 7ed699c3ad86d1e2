"""What can be ticked: the zones, sections or sites of a product, narrowed by street, unit and what lies on their sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import folded
from chuangwen.services.search import rank
from chuangwen.text import _

COUNT = Qt.ItemDataRole.UserRole
"""How many open issues lie on a subject's sheets."""

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Subject:
    """One of them. `id`: of the feature; `asked`: by what it is asked for: its code, its id where others have that code or it has none."""

    id: str
    asked: str
    code: str
    name: str
    street: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What the planning says of a subject. `issues`: ids of the open ones on its sheets; `changed`: since they last went out."""

    issues: frozenset[str] = frozenset()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which subjects are printed at all: '' and False narrow nothing."""

    street: str = ""
    unit: str = ""
    with_issues: bool = False
    changed: bool = False


@dataclass(slots=True)
class _State:
    ticked: set[str] = field(default_factory=set)
    said: Mapping[str, Said] | None = None
    narrowing: Narrowing = Narrowing()
    text: str = ""


class SubjectModel(QAbstractListModel):
    """Those that are listed now. `ticked` is emitted when what would be printed is another."""

    ticked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.all: list[Subject] = []
        self.listed: list[Subject] = []
        self._now = _State()

    # --- what there is

    def load(self, features: Features | None, chosen: tuple[str, ...] = ()) -> None:
        """List the features of a product's layer by street and code. `chosen`: ids ticked; none: all."""
        self.all = [] if features is None else subjects_of(features)
        there = {one.id for one in self.all}
        wanted = there & set(chosen)
        self._now = _State(wanted or there)
        self._relist()

    def keep(self, features: Features) -> None:
        """The features changed: list them anew; ticks, text and narrowing stay. What is new is ticked where all were."""
        everything = len(self._now.ticked) == len(self.all)
        self.all = subjects_of(features)
        there = {one.id for one in self.all}
        self._now.ticked = there if everything else self._now.ticked & there
        self._relist()

    def say(self, said: Mapping[str, Said]) -> None:
        """By id, what the planning found; what is not among them cannot be printed, unless the product's sheets are about no single one (索引图)."""
        self._now.said = said if any(one.id in said for one in self.all) else None
        self._relist()

    # --- what is wanted

    def look_for(self, text: str) -> None:
        """Show only what fits a few letters; what is printed stays the same."""
        self._now.text = folded(text)
        self._relist()

    def narrow(self, narrowing: Narrowing) -> None:
        """Print only some of what is ticked."""
        if narrowing != self._now.narrowing:
            self._now.narrowing = narrowing
            self._relist()
            self.ticked.emit()

    def tick_listed(self, *, on: bool) -> None:
        """Tick all that are listed, or none of them."""
        ids = {one.id for one in self.listed if self.can_be_printed(one)}
        self._now.ticked = self._now.ticked | ids if on else self._now.ticked - ids
        self._changed()

    def tick_only(self, ids: set[str]) -> None:
        """Tick these and no others."""
        self._now.ticked = ids & {one.id for one in self.all}
        self._changed()

    def tick(self, row_id: str, *, on: bool) -> None:
        """Tick one."""
        (self._now.ticked.add if on else self._now.ticked.discard)(row_id)
        self._changed()

    def is_ticked(self, subject: Subject) -> bool:
        """Whether it has its tick."""
        return subject.id in self._now.ticked and self.can_be_printed(subject)

    def can_be_printed(self, subject: Subject) -> bool:
        """Whether there are sheets for it: a zone without boundary has none."""
        return self._now.said is None or subject.id in self._now.said

    def printed(self) -> list[Subject]:
        """Those that are ticked and not narrowed away, in their order."""
        return [one for one in self.all if self.is_ticked(one) and self._within(one)]

    def is_all(self) -> bool:
        """Whether everything that can be printed is printed."""
        return bool(self.all) and len(self.printed()) == sum(map(self.can_be_printed, self.all)) > 0

    def left_out(self) -> int:
        """How many are ticked and narrowed away."""
        return sum(self.is_ticked(one) and not self._within(one) for one in self.all)

    def streets(self) -> list[str]:
        """All streets."""
        return sorted({one.street for one in self.all if one.street})

    def units(self) -> list[str]:
        """All units that are responsible for one."""
        return sorted({one.unit for one in self.all if one.unit})

    # --- Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.listed)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.listed[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(one)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if self.is_ticked(one) else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            words = [one.name or one.code, one.street, one.unit]
            return "\n".join(word for word in [*words, "" if self.can_be_printed(one) else _("没有边界或位置，不能打印")] if word)
        if role == COUNT:
            said = (self._now.said or {}).get(one.id)
            return len(said.issues) if said is not None else 0
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.tick(self.listed[index.row()].id, on=Qt.CheckState(value) == Qt.CheckState.Checked)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not self.can_be_printed(self.listed[index.row()]):
            return Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def _words(self, one: Subject) -> str:
        name = one.name if one.code in one.name or not one.code else f"{one.code}　{one.name}".strip()
        return name if self.can_be_printed(one) else _("{name}（不能打印）").format(name=name)

    def _within(self, one: Subject) -> bool:
        want, said = self._now.narrowing, (self._now.said or {}).get(one.id)
        if (want.street and one.street != want.street) or (want.unit and one.unit != want.unit):
            return False
        if want.with_issues and (said is None or not said.issues):
            return False
        return not want.changed or (said is not None and said.changed)

    def _relist(self) -> None:
        self.beginResetModel()
        text = self._now.text
        self.listed = [one for one in self.all if self._within(one) and (not text or rank(text, (one.code, one.name)) is not None)]
        self.endResetModel()

    def _changed(self) -> None:
        if self.listed:
            self.dataChanged.emit(self.index(0), self.index(len(self.listed) - 1))
        self.ticked.emit()


def subjects_of(features: Features) -> list[Subject]:
    """The features of a layer as they are listed: by street and code."""
    columns = [[str(value or "") for value in features.column(name)] for name in ("code", "name", "street", "responsible_unit")]
    times = Counter(columns[0])
    found = [
        Subject(row_id, code if code and times[code] == 1 else row_id, code, name, street, unit)
        for row_id, code, name, street, unit in zip(features.ids, *columns, strict=True)
    ]
    return sorted(found, key=lambda one: (one.street, one.code))
