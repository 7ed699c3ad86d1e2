"""How the window looks: a plain office look in light and dark. The map stays light paper in both."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from chuangwen.render import fonts
from chuangwen.settings import resources_folder

ACCENT = "#b3261e"
_LIGHT = {
    "window": "#f4f3f1", "base": "#ffffff", "raised": "#fbfaf9", "text": "#1f2328", "dim": "#6a6f76", "line": "#d8d5d0", "hover": "#ece9e5",
    "accent": ACCENT, "select": "#f7dcd9", "select_text": "#5f120d", "field": "#ffffff", "warn": "#fff4d6", "bad": "#fde7e5",
    "good": "#1b7a3d", "good_ground": "#e6f4ea", "amber": "#9a6700",
}  # fmt: skip
_DARK = {
    "window": "#26282b", "base": "#1d1f21", "raised": "#2d3033", "text": "#e6e4e1", "dim": "#9aa0a6", "line": "#44484d", "hover": "#383c40",
    "accent": "#f2766d", "select": "#5a2b28", "select_text": "#ffe9e7", "field": "#1d1f21", "warn": "#4a3d17", "bad": "#53211d",
    "good": "#7fd49b", "good_ground": "#1f3a29", "amber": "#e3b341",
}  # fmt: skip


def colours(*, dark: bool) -> dict[str, str]:
    """The colours of a theme by their job."""
    return _DARK if dark else _LIGHT


def is_dark(theme: str) -> bool:
    """Whether the theme of the settings (system, light, dark) means a dark window here."""
    if theme == "system":
        return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return theme == "dark"


def apply(app: QApplication, theme: str) -> None:
    """Dress the program."""
    now = colours(dark=is_dark(theme))
    app.setStyle("Fusion")
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "window", QPalette.ColorRole.WindowText: "text", QPalette.ColorRole.Base: "base", QPalette.ColorRole.AlternateBase: "raised",
        QPalette.ColorRole.Text: "text", QPalette.ColorRole.Button: "raised", QPalette.ColorRole.ButtonText: "text", QPalette.ColorRole.ToolTipBase: "raised",
        QPalette.ColorRole.ToolTipText: "text", QPalette.ColorRole.Highlight: "select", QPalette.ColorRole.HighlightedText: "select_text",
        QPalette.ColorRole.PlaceholderText: "dim", QPalette.ColorRole.Link: "accent", QPalette.ColorRole.Mid: "line",
    }  # fmt: skip
    for role, name in roles.items():
        palette.setColor(role, QColor(now[name]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(now["dim"]))
    app.setPalette(palette)
    app.setFont(_face())
    app.setStyleSheet(_sheet(now))


def _face() -> QFont:
    """The system's Chinese face, or our own where it has none."""
    there = set(QFontDatabase.families())
    known = ("Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans SC", fonts.FAMILY)
    face = QFont(next((name for name in known if name in there), fonts.FAMILY))
    face.setPixelSize(13)
    return face


def _sheet(now: dict[str, str]) -> str:
    arrow = (resources_folder() / "icons" / ("down-light.svg" if now is _LIGHT else "down-dark.svg")).as_posix()
    tick = (resources_folder() / "icons" / ("check-light.svg" if now is _LIGHT else "check-dark.svg")).as_posix()
    on_accent = "#ffffff" if now is _LIGHT else "#2a0704"
    return f"""
    QMainWindow::separator {{ background: {now["line"]}; width: 1px; height: 1px; }}
    QMainWindow::separator:hover {{ background: {now["accent"]}; }}
    QToolBar {{ border: none; border-bottom: 1px solid {now["line"]}; spacing: 2px; padding: 3px 6px; background: {now["raised"]}; }}
    QToolBar::separator {{ background: {now["line"]}; width: 1px; margin: 4px 5px; }}
    QToolButton {{ border: 1px solid transparent; border-radius: 4px; padding: 4px; }}
    QToolButton[quiet="true"] {{ color: {now["dim"]}; padding: 1px 4px; }}
    QToolButton[quiet="true"]::menu-indicator {{ image: none; }}
    QToolButton:hover {{ background: {now["hover"]}; }}
    QToolButton:checked {{ background: {now["select"]}; border-color: {now["accent"]}; }}
    QToolButton:focus, QPushButton:focus, QCheckBox:focus {{ border-color: {now["accent"]}; }}
    QMenuBar {{ background: {now["raised"]}; border-bottom: 1px solid {now["line"]}; }}
    QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
    QMenuBar::item:selected, QMenu::item:selected {{ background: {now["select"]}; color: {now["select_text"]}; }}
    QMenu {{ background: {now["raised"]}; border: 1px solid {now["line"]}; padding: 4px 0; }}
    QMenu::item {{ padding: 5px 28px 5px 24px; }}
    QMenu::item:disabled {{ color: {now["dim"]}; }}
    QMenu::separator {{ height: 1px; background: {now["line"]}; margin: 4px 8px; }}
    QDockWidget {{ titlebar-close-icon: none; titlebar-normal-icon: none; font-weight: bold; }}
    QDockWidget::title {{ background: {now["raised"]}; padding: 6px 10px; border-bottom: 1px solid {now["line"]}; text-align: left; }}
    QTabBar::tab {{ padding: 5px 12px; border: none; border-bottom: 2px solid transparent; color: {now["dim"]}; background: transparent; }}
    QTabBar::tab:selected {{ color: {now["text"]}; border-bottom-color: {now["accent"]}; font-weight: bold; }}
    QTabBar::tab:hover {{ color: {now["text"]}; }}
    QTabWidget::pane {{ border: none; border-top: 1px solid {now["line"]}; }}
    QLineEdit, QComboBox, QPlainTextEdit, QSpinBox, QDateEdit, QDateTimeEdit {{
        background: {now["field"]}; border: 1px solid {now["line"]}; border-radius: 4px; padding: 3px 6px; min-height: 20px;
        selection-background-color: {now["accent"]}; selection-color: #ffffff; }}
    QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QSpinBox:focus, QDateEdit:focus {{ border-color: {now["accent"]}; }}
    QLineEdit[wrong="true"], QComboBox[wrong="true"], QPlainTextEdit[wrong="true"] {{ border-color: {now["accent"]}; background: {now["bad"]}; }}
    QComboBox::drop-down, QDateEdit::drop-down {{ subcontrol-origin: padding; subcontrol-position: center right; border: none; width: 22px; }}
    QComboBox::down-arrow, QDateEdit::down-arrow {{ image: url("{arrow}"); width: 12px; height: 12px; }}
    QPlainTextEdit {{ min-height: 58px; }}
    QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {now["raised"]}; }}
    QCalendarWidget QToolButton {{ color: {now["text"]}; }}
    QCalendarWidget QToolButton::menu-indicator {{ image: none; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QComboBox QAbstractItemView, QListView {{ background: {now["base"]}; border: 1px solid {now["line"]}; outline: none; }}
    QPushButton {{ background: {now["raised"]}; border: 1px solid {now["line"]}; border-radius: 4px; padding: 5px 14px; }}
    QPushButton:hover {{ background: {now["hover"]}; }}
    QPushButton:disabled {{ color: {now["dim"]}; }}
    QPushButton[grey="true"] {{ background: transparent; color: {now["dim"]}; border-style: dashed; }}
    QPushButton[main="true"] {{ background: {now["accent"]}; color: {on_accent}; border-color: {now["accent"]}; }}
    QPushButton[main="true"]:disabled {{ background: {now["hover"]}; color: {now["dim"]}; border-color: {now["line"]}; }}
    QPushButton:checked {{ background: {now["select"]}; color: {now["select_text"]}; border-color: {now["accent"]}; font-weight: bold; }}
    QPushButton[tile="true"] {{ background: {now["base"]}; border-color: {now["line"]}; border-radius: 6px; text-align: left; }}
    QPushButton[tile="true"]:hover {{ border-color: {now["accent"]}; }}
    QLabel[number="true"] {{ font-size: 24px; font-weight: bold; color: {now["text"]}; }}
    QLabel[number="true"][bad="true"] {{ color: {now["accent"]}; }}
    QPushButton[flat="true"] {{ background: transparent; border-color: transparent; }}
    QTableView, QTreeView, QListWidget {{ background: {now["base"]}; alternate-background-color: {now["raised"]}; border: none;
        selection-background-color: {now["select"]}; selection-color: {now["select_text"]}; outline: none; }}
    QTreeView::item {{ min-height: 24px; }}
    QHeaderView::section {{ background: {now["raised"]}; border: none; border-right: 1px solid {now["line"]};
        border-bottom: 1px solid {now["line"]}; padding: 3px; color: {now["dim"]}; }}
    QTableCornerButton::section {{ background: {now["raised"]}; border: none; border-bottom: 1px solid {now["line"]}; border-right: 1px solid {now["line"]}; }}
    QScrollArea {{ border: none; }}
    QStatusBar {{ background: {now["raised"]}; border-top: 1px solid {now["line"]}; }}
    QStatusBar::item {{ border: none; }}
    QLabel[dim="true"] {{ color: {now["dim"]}; }}
    QLabel[reason="true"] {{ color: {now["accent"]}; }}
    QLabel[heading="true"] {{ font-weight: bold; font-size: 15px; }}
    QLabel[section="true"] {{ font-weight: bold; color: {now["dim"]}; padding-top: 8px; }}
    QFrame[rule="true"] {{ border: none; background: {now["line"]}; max-height: 1px; min-height: 1px; }}
    QFrame[bar="true"] {{ background: {now["warn"]}; border-bottom: 1px solid {now["line"]}; }}
    QFrame[card="true"] {{ background: {now["raised"]}; border: 1px solid {now["line"]}; border-radius: 6px; }}
    QFrame[card="true"][asks="true"] {{ background: {now["warn"]}; border: 1px solid {now["amber"]}; }}
    QFrame[card="true"][state="good"] {{ background: {now["good_ground"]}; border-color: {now["good"]}; }}
    QFrame[card="true"][state="bad"] {{ background: {now["bad"]}; border-color: {now["accent"]}; }}
    QFrame[card="true"][chosen="true"] {{ border: 2px solid {now["accent"]}; }}
    QFrame[drop="true"] {{ background: {now["base"]}; border: 2px dashed {now["line"]}; border-radius: 8px; }}
    QFrame[drop="true"][over="true"] {{ border-color: {now["accent"]}; background: {now["select"]}; }}
    QFrame[foot="true"] {{ border: none; border-top: 1px solid {now["line"]}; background: {now["raised"]}; }}
    QFrame[steps="true"] {{ border: none; border-bottom: 1px solid {now["line"]}; background: {now["raised"]}; }}
    QLabel[title="true"] {{ font-weight: bold; font-size: 17px; }}
    QLabel[good="true"] {{ color: {now["good"]}; }}
    QLabel[amber="true"] {{ color: {now["amber"]}; }}
    QPushButton[step="true"] {{ border: none; border-radius: 0; border-bottom: 2px solid transparent; background: transparent; color: {now["dim"]};
        padding: 9px 14px 8px 14px; text-align: left; }}
    QPushButton[step="true"][state="done"] {{ color: {now["text"]}; }}
    QPushButton[step="true"][state="now"] {{ color: {now["accent"]}; border-bottom-color: {now["accent"]}; font-weight: bold; }}
    QPushButton[step="true"]:focus {{ border-bottom-color: {now["accent"]}; }}
    QPushButton[chip="true"] {{ border-radius: 13px; padding: 3px 12px; min-height: 18px; }}
    QPushButton[day] {{ padding: 3px 2px; border-radius: 5px; background: {now["base"]}; }}
    QPushButton[day="rest"] {{ background: {now["bad"]}; color: {now["accent"]}; }}
    QPushButton[day="swap"] {{ background: {now["warn"]}; color: {now["text"]}; }}
    QPushButton[day][own="true"] {{ border: 2px solid {now["amber"]}; font-weight: bold; }}
    QPushButton[day][now="true"] {{ font-weight: bold; text-decoration: underline; }}
    QPushButton[day]:disabled {{ background: transparent; border-color: transparent; color: {now["dim"]}; }}
    QPushButton[day]:focus {{ border: 2px solid {now["accent"]}; }}
    QPushButton[link="true"] {{ background: transparent; border: none; color: {now["accent"]}; padding: 1px 2px; text-align: left; }}
    QPushButton[link="true"]:hover, QPushButton[link="true"]:focus {{ text-decoration: underline; }}
    QRadioButton {{ spacing: 7px; padding: 2px 0; }}
    QRadioButton::indicator {{ width: 14px; height: 14px; border-radius: 8px; border: 1px solid {now["dim"]}; background: {now["field"]}; }}
    QRadioButton::indicator:checked {{ width: 6px; height: 6px; border: 5px solid {now["accent"]}; background: {now["field"]}; }}
    QRadioButton::indicator:focus {{ border-color: {now["accent"]}; }}
    QRadioButton:focus {{ color: {now["accent"]}; }}
    QCheckBox::indicator, QListView::indicator, QTreeView::indicator {{ width: 14px; height: 14px; border-radius: 3px; border: 1px solid {now["dim"]};
        background: {now["field"]}; }}
    QCheckBox::indicator:checked, QListView::indicator:checked, QTreeView::indicator:checked {{ background: {now["accent"]};
        border-color: {now["accent"]}; image: url("{tick}"); }}
    QCheckBox::indicator:disabled, QListView::indicator:disabled {{ border-color: {now["line"]}; background: {now["window"]}; }}
    QCheckBox::indicator:focus {{ border-color: {now["accent"]}; }}
    QProgressBar {{ border: 1px solid {now["line"]}; border-radius: 4px; background: {now["base"]}; text-align: center; max-height: 14px; }}
    QProgressBar::chunk {{ background: {now["accent"]}; border-radius: 3px; }}
    QToolTip {{ background: {now["raised"]}; color: {now["text"]}; border: 1px solid {now["line"]}; padding: 4px; }}
    """
