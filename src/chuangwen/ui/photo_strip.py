"""The photos of a feature: dropped or chosen, copied into the project, shown small; of an issue also before and after side by side, and what is suspicious."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QIcon, QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain import edits
from chuangwen.domain.evidence import AFTER, BEFORE, CHECK, RELAPSE, photo_of
from chuangwen.domain.feature import Feature
from chuangwen.errors import RuleBroken
from chuangwen.progress import Progress
from chuangwen.services.evidence import attach, evidence_findings, labelled, pairs, photos_by_issue, write_then
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.field_editors import FieldEditor
from chuangwen.ui.icons import icon
from chuangwen.ui.move_card import PICTURES
from chuangwen.ui.photo_pair import PhotoPair
from chuangwen.ui.session import Session

_SIDE, _EDGE = 104, 12
_ID = Qt.ItemDataRole.UserRole


class PhotoStrip(QWidget):
    """Photos belong to one feature; their rows are edits like any other, their files lie beside the project."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._owner: Feature | None = None
        self.setAcceptDrops(True)
        self.kind = QComboBox()
        self.list = QListWidget()
        self.list.setViewMode(QListWidget.ViewMode.IconMode)
        self.list.setIconSize(QSize(_SIDE, _SIDE))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setMovement(QListWidget.Movement.Static)
        self._cell = QSize(_SIDE + 20, _SIDE + 2 * self.fontMetrics().lineSpacing() + 18)
        self.list.setGridSize(self._cell)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemActivated.connect(self._open)
        self._empty = QLabel(_("还没有照片。把照片拖到这里，或按“添加照片…”。"), wordWrap=True)
        self._empty.setProperty("dim", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        add = QPushButton(icon("photo"), _("添加照片…"))
        add.clicked.connect(self._choose)
        self._drop = QPushButton(icon("delete"), _("移除"))
        self._drop.clicked.connect(self._remove)
        self.pair = PhotoPair()
        self.warnings = QLabel(wordWrap=True)
        self.warnings.setProperty("amber", True)
        self.about = QWidget()
        self._about_rows = QFormLayout(self.about)
        self._about_rows.setContentsMargins(0, 0, 0, 0)
        self._about_rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.editors: dict[str, FieldEditor] = {}
        self.list.itemSelectionChanged.connect(self._show_about)
        row = QHBoxLayout()
        row.addWidget(self.kind, 1)
        row.addWidget(add)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(_EDGE, 4, _EDGE, 10)
        rows.setSpacing(8)
        for part in (self.pair, self.warnings, self.list, self.about):
            rows.addWidget(part)
        rows.addWidget(self._drop, 0, Qt.AlignmentFlag.AlignRight)
        rows.addStretch(1)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        top = QVBoxLayout()
        top.setContentsMargins(_EDGE, 0, _EDGE, 0)
        top.addLayout(row)
        column.addLayout(top)
        column.addWidget(self._empty)
        column.addWidget(self._area, 1)

    def show_feature(self, feature: Feature | None) -> None:
        """Show the photos of a feature."""
        another = feature is None or self._owner is None or feature.id != self._owner.id
        marked = {item.data(_ID) for item in self.list.selectedItems()}
        self._owner = feature
        project = self._session.project
        self.setEnabled(feature is not None and project is not None)
        self.list.clear()
        self._show_about()
        if project is None or feature is None:
            return
        field = project.layers["photo"].field("kind")
        if not self.kind.count():
            for choice in field.choices:
                self.kind.addItem(choice.title, choice.value)
        for photo in project.features("photo"):
            if (photo.get("owner_layer"), photo.get("owner_id")) != (feature.layer, feature.id):
                continue
            path = project.files_folder / str(photo.get("path"))
            item = QListWidgetItem(
                _thumbnail(path), f"{field.show(photo.get('kind'))}\n{photo.name}" if path.exists() else _("文件不见了：{name}").format(name=photo.name)
            )
            item.setData(_ID, photo.id)
            item.setToolTip(photo.name)
            self.list.addItem(item)
            item.setSelected(photo.id in marked)
        if another:
            self.kind.setCurrentIndex(max(self.kind.findData(_likely(project, feature)), 0))
        self._show_evidence(project, feature)
        self._empty.setVisible(not self.list.count())
        self._area.setVisible(bool(self.list.count()))
        self._fit_list()

    def add(self, paths: list[Path]) -> None:
        """Look at pictures, copy them into the project and add their rows as one edit, on the writer's lane."""
        owner, kind = self._owner, str(self.kind.currentData())
        if owner is None or not paths:
            return

        def work(project: Project, progress: Progress) -> None:
            attached = attach(project.layers["photo"], owner, kind, paths, progress)
            write_then(attached, project.files_folder, lambda: project.apply(labelled(owner, attached)))

        self._session.run(work)

    def _show_evidence(self, project: Project, feature: Feature) -> None:
        """Before and after, and what the planner should look at."""
        rows = [project.features("photo").feature(self.list.item(at).data(_ID)) for at in range(self.list.count())]
        photos = [photo_of(row.id, row.values) for row in rows if row is not None]
        files = {row.id: project.files_folder / str(row.get("path")) for row in rows if row is not None}
        self.pair.setVisible(feature.layer == "issue" and bool(photos))
        if feature.layer == "issue":
            self.pair.show_pair(*pairs(photos), files)
        found = evidence_findings(project, project.epsg, [feature.id]) if feature.layer == "issue" and photos else []
        self.warnings.setText("\n".join(f"⚠ {one.text}" for one in found))
        self.warnings.setVisible(bool(found))

    def _fit_list(self) -> None:
        """The list is as high as its pictures: the page scrolls, not the list in it."""
        across = max((self._area.viewport().width() - 2 * _EDGE) // self._cell.width(), 1)
        down = -(-self.list.count() // across)
        self.list.setFixedHeight(down * self._cell.height() + 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_list()

    def _show_about(self) -> None:
        """Kind, time and caption of the photo that is marked: WeChat takes the time out of a picture, so it is typed (domain.md 4.3)."""
        project = self._session.project
        items = self.list.selectedItems()
        photo = project.features("photo").feature(items[0].data(_ID)) if project is not None and len(items) == 1 else None
        self.about.setVisible(photo is not None)
        self._drop.setVisible(photo is not None)
        if project is None or photo is None:
            return
        for name in ("kind", "taken_at", "caption"):
            if name not in self.editors:
                field = project.layers["photo"].field(name)
                self.editors[name] = FieldEditor(field)
                self.editors[name].edited.connect(lambda value, wanted=name: self._on_edited(wanted, value))
                self._about_rows.addRow(field.title, self.editors[name])
            self.editors[name].show_value(photo.get(name))

    def _on_edited(self, name: str, value: object) -> None:
        project = self._session.project
        items = self.list.selectedItems()
        photo = project.features("photo").feature(items[0].data(_ID)) if project is not None and items else None
        if project is None or photo is None:
            return
        try:
            self._session.commit(edits.set_values(project.layers["photo"], [photo], {name: value}), self)  # type: ignore[dict-item]
        except RuleBroken as broken:
            self.editors[name].refuse(str(broken))

    def _choose(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, _("选择照片"), "", PICTURES)
        self.add([Path(name) for name in names])

    def _remove(self) -> None:
        project = self._session.project
        items = self.list.selectedItems()
        if project is None or not items:
            return
        photos = [photo for photo in (project.features("photo").feature(item.data(_ID)) for item in items) if photo is not None]
        self._session.commit(edits.remove(project.layers["photo"], photos), self)

    def _open(self, item: QListWidgetItem) -> None:
        project = self._session.project
        photo = project.features("photo").feature(item.data(_ID)) if project is not None else None
        if project is not None and photo is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(project.files_folder / str(photo.get("path")))))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])


def _likely(project: Project, feature: Feature) -> str:
    """The kind of photo that is added next, by what the feature is and where it stands."""
    if feature.layer != "issue":
        return "site" if feature.layer == "site" else "other"
    state = str(feature.get("status"))
    by_state = {"rectified": CHECK, "closed": RELAPSE, "draft": BEFORE, "registered": BEFORE, "unassigned": BEFORE}
    return by_state.get(state, AFTER if any(photo.kind == BEFORE for photo in photos_by_issue(project).get(feature.id, ())) else BEFORE)


def _thumbnail(path: Path) -> QIcon:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(_SIDE, _SIDE) * 2, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return QIcon(QPixmap.fromImage(picture)) if not picture.isNull() else icon("photo")
