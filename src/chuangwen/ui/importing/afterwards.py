"""What can be done with an import that is written: take it back, see it on the map, save its receipt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chuangwen.errors import UserError
from chuangwen.exchange.receipt import write_receipt
from chuangwen.text import _
from chuangwen.ui.importing.looking import Look
from chuangwen.ui.parts import sentence
from chuangwen.ui.session import Session

_MOST_SELECTED = 2_000


def can_undo(session: Session, look: Look) -> bool:
    """Whether the next undo would take back just this import."""
    project, edit = session.project, look.prepared.plan.edit
    step = project.undo_step(project.actor) if project is not None else None
    return bool(edit) and step is not None and step.label == edit.label


def show_on_map(session: Session, look: Look) -> None:
    """Select what came in and bring the map there."""
    plan, layer = look.prepared.plan, look.layer.id
    ids = [change.id for change in plan.edit.changes if change.layer == layer and change.after is not None]
    session.selection.set(layer, ids[:_MOST_SELECTED])
    if look.shapes.extent is not None:
        session.zoom_asked.emit(look.shapes.extent)


def save_receipt(session: Session, look: Look, path: Path, said: Callable[[str], None]) -> None:
    """Write the sender's rows with what became of each, on a worker; `said` hears how it went."""
    plan = look.prepared.plan

    def failed(error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        said(sentence(error))

    session.jobs.read(
        lambda _progress: write_receipt(path, look.wish.path, plan.report, plan.incoming),
        lambda _answer: said(_("回执已保存：{path}").format(path=path)),
        failed,
    )
