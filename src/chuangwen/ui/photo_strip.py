"""The photos of a feature: dropped or chosen, copied into the project, shown small."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QIcon, QImageReader, QPixmap
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature
from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.store.photos import Kept, keep_photo
from chuangwen.text import _
from chuangwen.ui.icons import icon
from chuangwen.ui.session import Session

_SIDE = 132
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
        self.list.setSpacing(6)
        self.list.itemActivated.connect(self._open)
        self._empty = QLabel(_("还没有照片。把照片拖到这里，或按“添加照片…”。"), wordWrap=True)
        self._empty.setProperty("dim", True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        add = QPushButton(icon("photo"), _("添加照片…"))
        add.clicked.connect(self._choose)
        self._drop = QPushButton(icon("delete"), _("移除"))
        self._drop.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.addWidget(self.kind, 1)
        row.addWidget(add)
        row.addWidget(self._drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.addLayout(row)
        column.addWidget(self._empty)
        column.addWidget(self.list, 1)

    def show_feature(self, feature: Feature | None) -> None:
        """Show the photos of a feature."""
        self._owner = feature
        project = self._session.project
        self.setEnabled(feature is not None and project is not None)
        self.list.clear()
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
        self._empty.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        self._drop.setEnabled(bool(self.list.count()))

    def add(self, paths: list[Path]) -> None:
        """Copy pictures into the project on a worker, then add their rows as one edit."""
        project, owner, kind = self._session.project, self._owner, self.kind.currentData()
        if project is None or owner is None or not paths:
            return
        folder = project.files_folder

        def work(progress: Progress) -> list[Kept]:
            return [keep_photo(path, folder) for path in progress.each(paths, len(paths), _("复制照片"))]

        def done(kept: list[Kept]) -> None:
            self._session.commit(_attached(self._session, owner, kind, kept), self)

        def failed(error: Exception) -> None:
            if not isinstance(error, FileProblem):
                raise error
            self._session.noticed.emit(error)

        self._session.jobs.read(work, done, failed, loud=True)

    def _choose(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, _("选择照片"), "", _("照片 (*.jpg *.jpeg *.png *.bmp *.gif *.webp *.heic)"))
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


def _attached(session: Session, owner: Feature, kind: str, kept: list[Kept]) -> Edit:
    project = session.project
    assert project is not None
    layer = project.layers["photo"]
    rows = [
        edits.add(layer, {"name": one.name, "owner_layer": owner.layer, "owner_id": owner.id, "kind": kind, "path": one.path, "sha256": one.sha256})
        for one in kept
    ]
    return edits.joined(_("{what}添加 {count} 张照片").format(what=owner.code or owner.name, count=len(rows)), rows)


def _thumbnail(path: Path) -> QIcon:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(_SIDE, _SIDE) * 2, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return QIcon(QPixmap.fromImage(picture)) if not picture.isNull() else icon("photo")
