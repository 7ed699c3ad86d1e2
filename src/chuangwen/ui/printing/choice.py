"""The left side of the print window: which product, of what, on which paper, at which scale, in colour or not."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIntValidator, QPainter, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.audience import INTERNAL
from chuangwen.domain.geo import ROUND_SCALES, scale_text
from chuangwen.render.paper.products import PRODUCTS, Product
from chuangwen.services.paper.sheet import FIT, Request
from chuangwen.services.seen_project import Reader
from chuangwen.text import _
from chuangwen.ui.parts import button, words
from chuangwen.ui.printing.subjects import COUNT, Narrowing, SubjectModel
from chuangwen.ui.session import Session

_TYPING_MS = 150
_DESK_PAPER = "A4"
"""Where a product is made for it, the paper of the settings is taken; a wall map is made for larger ones."""
_AIR = 4  # pixels between two rows


class _WithCount(QStyledItemDelegate):
    """The number of open issues stands at the right edge, where it can be compared."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, super().sizeHint(option, index).height() + _AIR)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        count = index.data(COUNT)
        words_now = _("{count} 问题").format(count=count) if count else ""
        room: QRect = option.rect  # type: ignore[attr-defined]
        wide = painter.fontMetrics().horizontalAdvance(words_now) + 10 if words_now else 0
        left = QStyleOptionViewItem(option)
        left.rect = room.adjusted(0, 0, -wide, 0)  # type: ignore[attr-defined]
        super().paint(painter, left, index)
        if words_now:
            palette: QPalette = option.palette  # type: ignore[attr-defined]
            painter.save()
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(room.adjusted(0, 0, -6, 0), int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), words_now)
            painter.restore()


class Choice(QWidget):
    """`changed`: something else is to be printed. `product_changed`: another product, whose subjects are to be looked at; `restyled`: on another paper or
    in another style, so that what is new on a sheet is to be asked again.
    """

    changed = Signal()
    product_changed = Signal()
    restyled = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filling = False
        self.can_compare = False
        self.product = QComboBox()
        for one in PRODUCTS.values():
            self.product.addItem(one.template.title, one.id)
        self.subjects = SubjectModel(self)
        self.list = QListView()
        self.list.setModel(self.subjects)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(_WithCount(self.list))
        self.list.setMinimumHeight(90)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("要打印的对象"))
        self.needle = QLineEdit(placeholderText=_("查找名称、编号、拼音首字母"))
        self.needle.setClearButtonEnabled(True)
        self.street, self.unit = QComboBox(), QComboBox()
        self.with_issues = QCheckBox(_("只印有待整改问题的"))
        self.only_changed = QCheckBox(_("只印比上次有变化的"))
        self.only_changed.hide()
        self.all, self.none = button(_("全选")), button(_("全不选"))
        self.count = words("", "dim")
        self.masked = QCheckBox(_("遮盖电话中间四位"))
        self.masked.setToolTip(_("图上和表里的手机号码印成 138****0000"))
        self.paper, self.scale, self.style_box = QComboBox(), QComboBox(), QComboBox()
        self._make_boxes()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._soon.timeout.connect(lambda: self.subjects.look_for(self.needle.text()))
        self._connect()

    def _make_boxes(self) -> None:
        self.scale.setEditable(True)
        self.scale.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.scale.addItem(_("自动（标准比例尺）"), None)
        self.scale.addItem(_("自动（正好放满）"), FIT)
        for one in ROUND_SCALES[:10]:
            self.scale.addItem(scale_text(one), one)
        self.scale.setToolTip(_("自动：放得下的最大标准比例尺。固定：选一个，或直接输入分母，如 3000。"))
        self.style_box.addItem(_("彩色"), False)
        self.style_box.addItem(_("黑白（激光打印机）"), True)
        for box in (self.street, self.unit, self.paper, self.scale, self.style_box, self.product):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)

    def _lay_out(self) -> None:
        ticks = QHBoxLayout()
        ticks.setSpacing(6)
        ticks.addWidget(self.all)
        ticks.addWidget(self.none)
        self.narrowing = QWidget()
        narrow = QVBoxLayout(self.narrowing)
        narrow.setContentsMargins(0, 0, 0, 0)
        narrow.setSpacing(5)
        narrow.addWidget(self.needle)
        boxes = QHBoxLayout()
        boxes.setSpacing(6)
        boxes.addWidget(self.street, 1)
        boxes.addWidget(self.unit, 1)
        narrow.addLayout(boxes)
        narrow.addWidget(self.with_issues)
        narrow.addWidget(self.only_changed)
        narrow.addWidget(self.list, 1)
        narrow.addLayout(ticks)
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setVerticalSpacing(5)
        self.form.addRow(_("纸张"), self.paper)
        self.form.addRow(_("比例尺"), self.scale)
        self.form.addRow(_("样式"), self.style_box)
        self.form.addRow("", self.masked)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.product)
        column.addWidget(self.narrowing, 1)
        column.addWidget(self.count)
        column.addLayout(self.form)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.product.currentIndexChanged.connect(lambda _row: self._on_product())
        self.needle.textChanged.connect(lambda _text: self._soon.start())
        for box in (self.street, self.unit):
            box.currentIndexChanged.connect(lambda _row: self._narrow())
        for check in (self.with_issues, self.only_changed):
            check.toggled.connect(lambda _on: self._narrow())
        self.all.clicked.connect(lambda: self.subjects.tick_listed(on=True))
        self.none.clicked.connect(lambda: self.subjects.tick_listed(on=False))
        self.subjects.ticked.connect(self._say)
        for box in (self.paper, self.style_box):
            box.currentIndexChanged.connect(lambda _row: self._restyle())
        self.scale.currentIndexChanged.connect(lambda _row: self._restyle())
        self.masked.toggled.connect(lambda _on: self._restyle())
        line = self.scale.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._typed_scale)

    # --- what is asked for

    @property
    def made(self) -> Product:
        """The product that is chosen."""
        return PRODUCTS[self.product.currentData()]

    def start(self, layer: str = "", ids: tuple[str, ...] = ()) -> None:
        """Begin with the first product that fits what is selected in the main window."""
        row = next((row for row, one in enumerate(PRODUCTS.values()) if one.subject and one.subject == layer), 0)
        self._filling = True
        self.product.setCurrentIndex(row)
        self._filling = False
        self._show_product(ids if self.made.subject == layer else ())

    def tick(self, layer: str, ids: tuple[str, ...]) -> None:
        """Tick what was selected since, where the product is made of it."""
        if ids and layer == self.made.subject:
            self.subjects.tick_only(set(ids))

    def show_again(self) -> None:
        """The project's features changed: list them anew."""
        if self.made.subject and self._session.project is not None:
            self.subjects.keep(self._session.project.features(self.made.subject))
            self._count()

    def request(self) -> Request | None:
        """What is to be printed; None where nothing is ticked."""
        made = self.made
        rest = self._manner()
        if not made.subject:
            return Request(made.id, None, *rest)
        if self.subjects.is_all():
            return Request(made.id, None, *rest)
        printed = self.subjects.printed()
        return Request(made.id, tuple(one.asked for one in printed), *rest) if printed else None

    def everything(self) -> Request:
        """All sheets of the product as they would be printed."""
        return Request(self.made.id, None, *self._manner())

    def _manner(self) -> tuple[str, int | None, bool, Reader | None]:
        """Paper, scale, mono, reader: how it is printed, whatever it is."""
        reader = Reader(INTERNAL, masked=True) if self.masked.isChecked() else None
        return self.paper.currentText(), self.scale.currentData(), bool(self.style_box.currentData()), reader

    def why_nothing(self) -> str:
        """Why there is nothing to be printed, and what to do."""
        if not self.subjects.all:
            layer = self._title()
            return _("项目里还没有{layer}。请先导入{layer}（主窗口：文件 → 导入）。").format(layer=layer)
        if self.subjects.left_out():
            if self.only_changed.isChecked():
                return _("选中的都没有变化，不用重印。要全印，请去掉“只印比上次有变化的”。")
            return _("选中的都被筛掉了。请放宽左边的筛选条件。")
        return _("没有选中{layer}。请在左边勾选，或按“全选”。").format(layer=self._title())

    def take_paper(self, name: str) -> None:
        """Choose a paper."""
        if self.paper.findText(name) >= 0:
            self.paper.setCurrentText(name)

    def can_narrow_by_change(self, *, on: bool) -> None:
        """Whether there is a last packet to compare with."""
        self.can_compare = on
        self.only_changed.setVisible(on)

    # --- keeping up

    def _on_product(self) -> None:
        if not self._filling:
            self._show_product(())

    def _show_product(self, chosen: tuple[str, ...]) -> None:
        made, project = self.made, self._session.project
        self._filling = True
        self.needle.clear()
        self.with_issues.setChecked(False)
        self.only_changed.setChecked(False)
        has_subjects = bool(made.subject) and project is not None
        self.subjects.narrow(Narrowing())
        self.subjects.load(project.features(made.subject) if has_subjects and project is not None else None, chosen)
        self.narrowing.setVisible(bool(made.subject))
        for box, title, names in ((self.street, _("全部街道"), self.subjects.streets()), (self.unit, _("全部单位"), self.subjects.units())):
            box.clear()
            box.addItem(title, "")
            for name in names:
                box.addItem(name, name)
            box.setVisible(len(names) > 1)
        papers = made.template.papers
        self.paper.clear()
        self.paper.addItems(list(papers))
        usual = self._session.settings.paper
        self.paper.setCurrentText(usual if papers[0] == _DESK_PAPER and usual in papers else papers[0])
        self.scale.setCurrentIndex(0)
        self._filling = False
        self._count()
        self.product_changed.emit()
        self.changed.emit()

    def _narrow(self) -> None:
        if self._filling:
            return
        self.subjects.narrow(
            Narrowing(self.street.currentData() or "", self.unit.currentData() or "", self.with_issues.isChecked(), self.only_changed.isChecked())
        )

    def _typed_scale(self) -> None:
        """A number typed into the box of scales: 3000, 1:3000 or 1:3 000."""
        digits = "".join(letter for letter in self.scale.currentText().split(":")[-1] if letter.isdigit())
        known = self.scale.itemText(self.scale.currentIndex())
        if self.scale.currentText() == known:
            return
        state = QIntValidator(100, 1_000_000).validate(digits, 0)[0]  # type: ignore[index]
        if state != QIntValidator.State.Acceptable:
            self.scale.setEditText(known)
            return
        at = self.scale.findData(int(digits))
        if at < 0:
            self.scale.addItem(scale_text(int(digits)), int(digits))
            at = self.scale.count() - 1
        self.scale.setCurrentIndex(at)
        self.scale.setEditText(self.scale.itemText(at))

    def _restyle(self) -> None:
        self._say()
        if not self._filling:
            self.restyled.emit()

    def _say(self) -> None:
        self._count()
        if not self._filling:
            self.changed.emit()

    def _count(self) -> None:
        printed, out = len(self.subjects.printed()), self.subjects.left_out()
        words_now = _("已选 {count} / {all}").format(count=printed, all=len(self.subjects.all))
        self.count.setText(words_now + (_("，另有 {out} 个被筛掉，不印").format(out=out) if out else ""))
        self.count.setVisible(bool(self.made.subject))

    def _title(self) -> str:
        project = self._session.project
        return project.layers[self.made.subject].title if project is not None else ""
