"""抬头和落款: what the office has printed on every sheet, kept in the project."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QWidget

from chuangwen.domain.imprint import LONGEST, Imprint
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.project import Project
from chuangwen.store.logo import keep_logo
from chuangwen.text import _
from chuangwen.ui.parts import button, sentence, words
from chuangwen.ui.small_dialogs import FormDialog

_LOGO_PX = 36


class HeadingsDialog(FormDialog):
    """Written when accepted; what cannot be printed is refused beside the fields."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(_("抬头和落款"), parent, 520)
        self._project = project
        self._logo = project.store.imprint.logo
        now = project.store.imprint
        campaign = project.campaign
        hints = {
            "heading": _("印在标题上方，例如：××区创建全国文明城市指挥部"),
            "office": campaign.office or _("创建办"),
            "footer": _("印在每页页脚"),
            "mark": _("例如：内部，印在标题旁"),
        }
        titles = {"heading": _("抬头"), "office": _("制图单位（落款）"), "footer": _("页脚"), "mark": _("密级标注")}
        self.lines: dict[str, QLineEdit] = {}
        for name, title in titles.items():
            line = QLineEdit(getattr(now, name), placeholderText=hints[name])
            line.setMaxLength(LONGEST[name])
            self.lines[name] = line
            self.rows.addRow(title, line)
        self.picture = QLabel()
        self.choose, self.clear = button(_("选择图片…")), button(_("不用标志"))
        self.choose.clicked.connect(self._choose)
        self.clear.clicked.connect(lambda: self._show(""))
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.picture)
        row.addWidget(self.choose)
        row.addWidget(self.clear)
        row.addStretch(1)
        self.rows.addRow(_("标志"), row)
        self.rows.addRow("", words(_("存在项目里，换一台电脑打印也是这样。"), "dim"))
        self._show(self._logo)

    def take_logo(self, path: Path) -> None:
        """Copy a picture beside the project and use it."""
        try:
            self._show(keep_logo(path, self._project.files_folder))
        except UserError as error:
            self.refuse(sentence(error))

    def accept(self) -> None:
        """Only what can be printed is kept."""
        wanted = replace(Imprint(), logo=self._logo, **{name: line.text() for name, line in self.lines.items()})
        try:
            self._project.store.set_imprint(wanted.checked())
        except RuleBroken as broken:
            self.refuse(" ".join(broken.reasons.values()))
            return
        except UserError as error:
            self.refuse(sentence(error))
            return
        super().accept()

    def _choose(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, _("选择标志图片"), "", _("图片 (*.png *.jpg *.jpeg)"))
        if name:
            self.take_logo(Path(name))

    def _show(self, logo: str) -> None:
        self._logo = logo
        picture = QPixmap(str(self._project.files_folder / logo)) if logo else QPixmap()
        self.picture.setVisible(not picture.isNull())
        if not picture.isNull():
            self.picture.setPixmap(picture.scaledToHeight(_LOGO_PX))
        self.clear.setEnabled(bool(logo))
