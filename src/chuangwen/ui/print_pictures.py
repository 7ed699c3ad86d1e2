"""Pictures of the print window in its states, on a project of its own: nothing is written to the demo."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.campaign import Campaign
from chuangwen.services.project import Project
from chuangwen.ui.printing.headings import HeadingsDialog
from chuangwen.ui.printing.packet_dialog import PacketDialog
from chuangwen.ui.printing.printers import Device, PrinterDialog
from chuangwen.ui.printing.window import PrintWindow

if TYPE_CHECKING:
    from chuangwen.ui.pictures import Photographer

_PATIENCE_S = 120.0
_LASER = Device("HP LaserJet 1020", frozenset({"A4"}), both_sides=True)


def print_states(camera: Photographer, folder: Path, only: str = "") -> None:
    """Each state whose name begins with `only`."""
    made = Path(shutil.copy(camera.project, folder / "print.gpkg"))
    window = camera.window
    window.open(made)
    camera.settle()
    window.session.selection.clear()
    door = window.printing

    def take(name: str, then: Callable[[PrintWindow], object] | None = None) -> None:
        if not name.startswith(only):
            return
        if door.window is None:
            door.open()
        printing = door.window
        assert printing is not None
        camera.settle()
        if then is not None:
            then(printing)
        camera.take(name, printing)

    take("print")
    take("print-zoomed", lambda one: one.view.zoom(2.4))
    take("print-lit", _lit)
    take("print-adjust", partial(_adjusted, camera))
    take("print-findings", lambda one: _found(camera, one))
    take("print-nothing", lambda one: one.choice.none.click())
    for product in ("section", "site", "street", "wall", "index", "board"):
        take(f"print-{product}", partial(_of_product, product))
    take("print-where", lambda one: _where(camera, one))
    if door.window is not None:
        _dialogs(camera, door.window, only)
    door.close()
    camera.settle()
    if "print-no-zones".startswith(only):
        Project.create(folder / "empty.gpkg", Campaign(), 4548, camera.settings.who).close()
        window.open(folder / "empty.gpkg")
        take("print-no-zones")
        door.close()
        camera.settle()
    window.open(camera.project)
    camera.settle()


def _of_product(product: str, printing: PrintWindow) -> None:
    printing.choice.product.setCurrentIndex(printing.choice.product.findData(product))


def _lit(printing: PrintWindow) -> None:
    printing.view.set_mode("page")
    for _turn in range(2):
        printing.view.step_row(1)


def _adjusted(camera: Photographer, printing: PrintWindow) -> None:
    printing.view.pick(None)
    printing.turn(2)
    camera.settle()
    printing.bar.adjust.click()
    if printing.view.page is not None:
        printing.hands.drag_ground(printing.view.page, 12.0, -8.0)


def _found(camera: Photographer, printing: PrintWindow) -> None:
    printing.bar.adjust.click()
    end = time.monotonic() + _PATIENCE_S
    while not printing.findings.findings and time.monotonic() < end:
        camera.settle()
    printing.output.findings.click()


def _where(camera: Photographer, printing: PrintWindow) -> None:
    project = camera.window.session.project
    assert project is not None
    _of_product("zone", printing)
    camera.settle()
    printing.choice.all.click()
    camera.settle()
    printing.show_where("site", project.features("site").ids[40])


def _dialogs(camera: Photographer, printing: PrintWindow, only: str) -> None:
    project, request = camera.window.session.project, printing.choice.everything()
    assert project is not None
    papers = printing.choice.made.template.papers
    for name, make in (
        ("print-headings", lambda: HeadingsDialog(project, printing)),
        ("print-packet", lambda: PacketDialog(request, 36, can_index=True, can_compare=True, parent=printing)),
        ("print-printer", lambda: PrinterDialog([_LASER], "A4", papers, 67, printing)),
        ("print-no-paper", lambda: PrinterDialog([_LASER], "A3", ("A4", "A3"), 67, printing)),
        ("print-no-printer", lambda: PrinterDialog([], "A4", papers, 67, printing)),
    ):
        if name.startswith(only):
            camera.dialog(name, make())
