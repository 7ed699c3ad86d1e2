"""Step one: which file, and which layer it goes into."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from chuangwen.domain.layer import Layers
from chuangwen.exchange import photos_in, sheets, vector_files
from chuangwen.services.importing import REFERENCE
from chuangwen.services.layer_guess import KNOWN, is_photo_folder, layers_to_choose
from chuangwen.text import _
from chuangwen.ui.icons import icon
from chuangwen.ui.importing.queue import Queue
from chuangwen.ui.parts import button, card, restyle, scrolled, words

_FOLDER = "import/folder"
_COMPANIONS = frozenset({".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".xml", ".qpj"})
_STATES = {"": _("等待"), "done": _("已导入"), "undone": _("已撤销")}


class FilePage(QWidget):
    """A place to drop files, the queue, the layer. Signals: `dropped` (paths), `turned` (number in the queue), `layer_chosen` (id)."""

    dropped = Signal(object)
    turned = Signal(int)
    layer_chosen = Signal(str)

    def __init__(self, layers: Layers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drop = QFrame()
        self._drop.setProperty("drop", True)
        picture = QLabel()
        picture.setPixmap(icon("import").pixmap(40, 40))
        self._invitation = words(_("把文件拖到这里，或者"), wrap=False)
        self.browse = button(_("选择文件(&O)…"))
        self.browse.clicked.connect(self._browse)
        ask = QHBoxLayout()
        ask.setSpacing(10)
        ask.addStretch(1)
        ask.addWidget(picture)
        ask.addWidget(self._invitation)
        ask.addWidget(self.browse)
        ask.addStretch(1)
        lists, shapes = "、".join(sheets.SHOWN), "、".join(vector_files.SHOWN)
        can = words(
            _("能导入表格（{lists}）、图形（{shapes}）和带位置的照片。\n压缩包不用解开，几个文件可以一起拖进来。").format(lists=lists, shapes=shapes), "dim"
        )
        self._can = can
        can.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside = QVBoxLayout(self._drop)
        inside.setContentsMargins(24, 10, 24, 10)
        inside.setSpacing(10)
        inside.addStretch(1)
        inside.addLayout(ask)
        inside.addWidget(can)
        inside.addStretch(1)
        self.queue = QListWidget()
        self.queue.setStyleSheet("QListWidget { padding: 4px; } QListWidget::item { height: 26px; padding-left: 4px; }")
        self.queue.currentRowChanged.connect(lambda number: self.turned.emit(number) if number >= 0 else None)
        self._queue_title = words("", "section")
        self._target, column = card((16, 12, 16, 12), 8)
        self.name = words("", "heading")
        self.where = words("", "dim")
        self.layer = QComboBox()
        self.layer.setMinimumWidth(200)
        for one in layers_to_choose(layers):
            self.layer.addItem(_("{title}（底图）").format(title=one.title) if one.kind == "base" else one.title, one.id)
        self.layer.addItem(_("参考图层（只作底衬看）"), REFERENCE)
        self.layer.setPlaceholderText(_("正在判断……"))
        self.layer.activated.connect(lambda number: self.layer_chosen.emit(self.layer.itemData(number)))
        label = QLabel(_("导入到(&L)"))
        label.setBuddy(self.layer)
        self.why = words("", "dim")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(label)
        row.addWidget(self.layer)
        row.addWidget(self.why, 1)
        self.said = words("")
        for part in (self.name, self.where):
            column.addWidget(part)
        column.addLayout(row)
        column.addWidget(self.said)
        inside_page = QWidget()
        page = QVBoxLayout(inside_page)
        page.setContentsMargins(22, 14, 22, 10)
        page.setSpacing(9)
        page.addWidget(self._drop, 1)
        page.addWidget(self._queue_title)
        page.addWidget(self.queue)
        page.addWidget(self._target)
        page.addStretch(0)
        self._page = page
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolled(inside_page))
        self.show_queue(Queue())

    def show_queue(self, queue: Queue) -> None:
        """The files, and which of them is in hand."""
        files, current = queue.files, queue.current
        self.queue.blockSignals(True)
        self.queue.clear()
        for one in files:
            item = QListWidgetItem(f"{one.path.name}　—　{_STATES[one.state]}")
            item.setToolTip(str(one.path))
            self.queue.addItem(item)
        self.queue.setCurrentRow(queue.now)
        self.queue.blockSignals(False)
        several = len(files) > 1
        self._queue_title.setVisible(several)
        self._queue_title.setText(_("排队的 {count} 个文件，一个一个来").format(count=len(files)))
        self.queue.setVisible(several)
        self.queue.setFixedHeight(min(len(files), 5) * 26 + 10)
        there_is = current is not None
        self._target.setVisible(there_is)
        self._can.setVisible(not there_is)
        self._page.setStretch(0, 0 if there_is else 1)
        self._page.setStretch(self._page.count() - 1, 1 if there_is else 0)
        self._invitation.setText(_("换一个文件：拖到这里，或者") if there_is else _("把文件拖到这里，或者"))
        if current is not None:
            self.name.setText(current.path.name)
            self.where.setText(str(current.path.parent))

    def show_layer(self, layer: str, why: str) -> None:
        """The layer that the file goes into, and why the program thinks so."""
        self.layer.setCurrentIndex(self.layer.findData(layer) if layer else -1)
        self.why.setText(_("程序的判断：{why}。不对可以改。").format(why=why) if why else "")

    def say(self, text: str, state: str = "") -> None:
        """What reading it gave: `good`, `bad`, or '' while it is read."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        restyle(self._target, "state", state)

    def hover(self, *, over: bool) -> None:
        """Something is held over the dialog."""
        restyle(self._drop, "over", over)

    def _browse(self) -> None:
        settings = QSettings()
        endings = " ".join(f"*{ending}" for ending in KNOWN)
        kinds = _("可以导入的文件 ({endings});;所有文件 (*)").format(endings=endings)
        names, _kind = QFileDialog.getOpenFileNames(self, _("选择要导入的文件"), str(settings.value(_FOLDER, "")), kinds)
        if names:
            settings.setValue(_FOLDER, str(Path(names[0]).parent))
            self.dropped.emit([Path(name) for name in names])


def to_import(paths: Sequence[Path]) -> list[Path]:
    """The files to take, of those that were dropped: a shapefile's companions go with it, a folder means the files in it, photos alone go together."""
    found: list[Path] = []
    known = set(KNOWN) - _COMPANIONS
    for path in paths:
        folder = path if path.is_dir() else path.parent
        if path.suffix.lower() in photos_in.ENDINGS and len(paths) > 1 and is_photo_folder(folder):
            found.append(folder)
        elif path.is_dir() and path.suffix.lower() != ".gdb" and not is_photo_folder(path):
            found += sorted(one for one in path.iterdir() if one.suffix.lower() in known)
        else:
            found.append(path)
    shapes = {one.with_suffix("").name.lower() for one in found if one.suffix.lower() == ".shp"}
    mains = [one for one in found if one.suffix.lower() not in _COMPANIONS or one.with_suffix("").name.split(".")[0].lower() not in shapes]
    return list(dict.fromkeys(mains))
