"""Streets and their zones, with what lies in each: click to go there."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Features
from chuangwen.progress import Progress
from chuangwen.text import _
from chuangwen.ui.parts import RIGHT
from chuangwen.ui.session import Session

_ID = Qt.ItemDataRole.UserRole


class ZoneTree(QTreeWidget):
    """所属街道 → 网格, with the number of sites and open issues in each."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._items: dict[str, QTreeWidgetItem] = {}
        self._following = False
        self.setHeaderLabels([_("网格"), _("点位"), _("未销号")])
        self.setUniformRowHeights(True)
        self.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.setIndentation(14)
        self.setMinimumSize(200, 120)
        head = self.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            self.headerItem().setTextAlignment(column, RIGHT)
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        session.opened.connect(self.refresh)
        session.closed.connect(self._on_closed)
        session.changed.connect(lambda touched, _source: self.refresh() if {"zone", "issue", "site"} & set(touched) else None)
        session.selection.changed.connect(self._follow)
        self.itemSelectionChanged.connect(self._on_picked)
        self.itemActivated.connect(lambda _item: session.zoom_to(session.selection.features()))
        self.itemClicked.connect(lambda _item: session.zoom_to(session.selection.features()))

    def _on_closed(self) -> None:
        self._items.clear()  # counts of the old project may still arrive
        self.clear()

    def refresh(self) -> None:
        """Build the tree; the counts follow from a worker."""
        project = self._session.project
        if project is None:
            return
        zones, sites, issues = (project.features(name) for name in ("zone", "site", "issue"))
        opened = {self.topLevelItem(number).text(0) for number in range(self.topLevelItemCount()) if self.topLevelItem(number).isExpanded()}
        self._following = True
        self.clear()
        self._items.clear()
        streets: dict[str, list[int]] = defaultdict(list)
        for number, street in enumerate(zones.column("street")):
            streets[str(street or _("未填街道"))].append(number)
        codes, names = zones.column("code"), zones.column("name")
        for street, numbers in sorted(streets.items()):
            top = QTreeWidgetItem([street])
            self.addTopLevelItem(top)
            for number in sorted(numbers, key=lambda at: str(codes[at])):
                code, name = str(codes[number] or ""), str(names[number] or "")
                short = name.removeprefix(street) or name
                item = QTreeWidgetItem([code if code in short or short == code else f"{code}  {short}"])
                item.setData(0, _ID, zones.ids[number])
                item.setToolTip(0, name)
                for column in (1, 2):
                    item.setTextAlignment(column, RIGHT)
                top.addChild(item)
                self._items[zones.ids[number]] = item
            top.setExpanded(street in opened or len(streets) == 1)
        self._following = False
        self._follow(None)
        self._session.jobs.latest("zone counts", lambda progress: counts(zones, sites, issues, progress), self._on_counted)

    def _on_counted(self, found: tuple[Counter[str], Counter[str]]) -> None:
        for column, counter in enumerate(found, 1):
            for row_id, item in self._items.items():
                item.setText(column, str(counter[row_id]) if counter[row_id] else "")
            for number in range(self.topLevelItemCount()):
                top = self.topLevelItem(number)
                total = sum(counter[top.child(row).data(0, _ID)] for row in range(top.childCount()))
                top.setText(column, str(total) if total else "")
                top.setTextAlignment(column, RIGHT)

    def _follow(self, source: object) -> None:
        if source is self:
            return
        chosen = self._session.selection
        self._following = True
        self.clearSelection()
        for row_id in chosen.ids if chosen.layer == "zone" else ():
            if row_id in self._items:
                self._items[row_id].setSelected(True)
                self.scrollToItem(self._items[row_id])
        self._following = False

    def _on_picked(self) -> None:
        if self._following:
            return
        ids: list[str] = []
        for item in self.selectedItems():
            children = [item.child(number) for number in range(item.childCount())]
            ids += [one.data(0, _ID) for one in (children or [item])]
        self._session.selection.set("zone", list(dict.fromkeys(ids)), self)


def counts(zones: Features, sites: Features, issues: Features, progress: Progress) -> tuple[Counter[str], Counter[str]]:
    """Zone id → sites in it, and open issues in it: by place, or by the zone's code where a row has no place."""
    from shapely import STRtree

    areas = [number for number, one in enumerate(zones.geometry) if one is not None]
    tree = STRtree(zones.geometry[areas])
    found = []
    for table, wanted in ((sites, np.ones(len(sites), dtype=bool)), (issues, is_open(issues))):
        progress.at(0)
        counter: Counter[str] = Counter()
        placed = np.flatnonzero(wanted & table.located)
        points, hits = tree.query(table.geometry[placed], predicate="intersects")
        first: dict[int, int] = {}
        for point, hit in zip(points.tolist(), hits.tolist(), strict=True):
            first[point] = min(hit, first.get(point, hit))  # on a shared edge it counts once
        counter.update(zones.ids[areas[hit]] for hit in first.values())
        codes: list[Any] = table.column("zone_code")
        for at in np.flatnonzero(wanted & ~table.located).tolist():
            number = zones.by_code.get(str(codes[at])) if codes[at] else None
            if number is not None:
                counter[zones.ids[number]] += 1
        found.append(counter)
    return found[0], found[1]
