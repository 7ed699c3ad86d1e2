"""A patrol's ticks are proposals: nothing changes by reading, what is accepted is one step."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.web.content import PatrolForm
from chuangwen.services.audiences import audience
from chuangwen.services.evidence import attach, write_then
from chuangwen.services.project import Project
from chuangwen.services.web_map import page_for
from chuangwen.services.web_returns import MOVE, NOTE, NOTHING, VISIT, Proposal, accepted, read_return
from chuangwen.services.web_subject import subject_of
from tests.web.made import answer, ids, saved, tick


def form_of(town: Project, zone: str = "A-1") -> PatrolForm:
    """The form of a page of a zone."""
    one = audience("patrol")
    form = page_for(town, one, subject_of(town, one, {"zone": zone})).patrol
    assert form is not None
    return form


def told(town: Project, path: Path, entries: list[dict[str, Any]], form: PatrolForm, **changes: Any) -> list[Proposal]:
    """What a file proposes."""
    return read_return(town, saved(path, answer(form, entries, **changes)))[1]


def with_photo(town: Project, code: str, folder: Path) -> None:
    """Attach a picture after the work."""
    from PIL import Image

    picture = folder / f"{code}.jpg"
    Image.new("RGB", (64, 48), (len(code), 120, 80)).save(picture)
    issue = town.features("issue").coded(code)
    assert issue is not None
    attached = attach(town.layers["photo"], issue, "after", [picture])
    write_then(attached, town.files_folder, lambda: town.apply(Edit("照片", attached.changes)))


def test_nothing_changes_by_reading(town: Project, tmp_path: Path) -> None:
    """No step, no byte of the project."""
    form, known = form_of(town), ids(town)
    before = (len(town.steps()), hashlib.sha256(town.path.read_bytes()).hexdigest())

    found = told(town, tmp_path / "a.json", [tick(row_id, "done", form) for row_id in known.values()], form)

    assert len(found) == 1 + len(known)
    assert (len(town.steps()), hashlib.sha256(town.path.read_bytes()).hexdigest()) == before
    assert town.features("issue").column("status")[0] == "in_progress"


def test_a_tick_that_may_be_a_move_is_proposed_as_one(town: Project, tmp_path: Path) -> None:
    """整改中 with a photo after the work → 已整改·待核查: accepted as one step with the visit and the note, and undone as one."""
    form, known = form_of(town), ids(town)
    with_photo(town, "20240601-001", tmp_path)
    form = form_of(town)
    content = answer(form, [tick(known["20240601-001"], "done", form, note="已更换护栏", photo="IMG_1.jpg")])
    returned, found = read_return(town, saved(tmp_path / "a.json", content))

    assert [VISIT, MOVE] == [one.kind for one in found]
    assert "已整改·待核查" in found[1].what
    assert found[1].reason
    assert found[1].doubts == ()
    town.apply(accepted(town, returned, found))
    issue = town.features("issue").coded("20240601-001")
    assert issue is not None
    assert (issue.get("status"), issue.get("measure"), issue.get("done_at")) == ("rectified", "已更换护栏", dt.date(2024, 6, 3))
    note = town.features("note").at(0)
    assert note.get("owner_id") == issue.id
    assert all(word in str(note.get("text")) for word in ("已整改", "已更换护栏", "IMG_1.jpg", "巡查员甲", "东一网格"))
    visit = town.features("visit").at(0)
    assert (visit.get("place_layer"), visit.get("place_code"), visit.get("visitor")) == ("zone", "A-1", "巡查员甲")

    town.undo()
    assert len(town.features("note")) == len(town.features("visit")) == 0
    assert town.features("issue").column("status")[0] == "in_progress"


def test_a_tick_without_a_photo_is_a_note_that_says_why(town: Project, tmp_path: Path) -> None:
    """A photo's name is no photo."""
    form, known = form_of(town), ids(town)
    found = told(town, tmp_path / "a.json", [tick(known["20240601-001"], "done", form, photo="IMG_1.jpg")], form)

    assert found[1].kind == NOTE
    assert "照片" in found[1].reason


@pytest.mark.parametrize(
    ("code", "result", "word"),
    [
        ("20240601-001", "not_done", "状态不变"),
        ("20240601-002", "done", "核查的依据"),
        ("20240601-002", "not_done", "核查不通过"),
        ("20240601-004", "not_done", "回头看反弹"),
        ("20240601-004", "done", "已经销号"),
        ("20240601-005", "done", "草稿"),
    ],
)
def test_other_ticks_are_notes_with_their_reason(town: Project, tmp_path: Path, code: str, result: str, word: str) -> None:
    """No state is changed that the life of an issue does not allow, or that asks for more than a tick."""
    form, known = form_of(town), ids(town)
    returned, found = read_return(town, saved(tmp_path / "a.json", answer(form, [tick(known[code], result, form)])))

    assert found[1].kind == NOTE
    assert word in found[1].reason
    states = town.features("issue").column("status")
    town.apply(accepted(town, returned, [found[1]]))
    assert town.features("issue").column("status") == states
    assert len(town.features("note")) == 1


def test_what_changed_since_is_a_doubt(town: Project, tmp_path: Path) -> None:
    """By the step that the page knew of, whatever the clocks say; other issues are no doubt."""
    form, known = form_of(town), ids(town)
    issue = town.features("issue").coded("20240601-001")
    assert issue is not None
    town.apply(edits.set_values(town.layers["issue"], [issue], {"remark": "改过"}))

    found = told(town, tmp_path / "a.json", [tick(known["20240601-001"], "not_done", form), tick(known["20240601-002"], "done", form)], form)

    assert len(found[1].doubts) == 1
    assert "又改过" in found[1].doubts[0]
    assert found[2].doubts == ()
    early = told(town, tmp_path / "b.json", [tick(known["20240601-002"], "done", form, at="2024-06-01T08:00:00")], form)
    assert "时钟" in early[1].doubts[0]


def test_an_unknown_id_is_said_and_not_taken(town: Project, tmp_path: Path) -> None:
    """Deleted since, or written by hand; also of a layer that there is not, and of one that has no ticks."""
    form, known = form_of(town), ids(town)
    entries = [
        tick("nobody", "done", form),
        tick("x' OR 1=1 --", "done", form),
        tick(known["20240601-001"], "done", form, layer="cw_meta"),
        tick(town.features("site").ids[0], "done", form, layer="site"),
    ]
    returned, found = read_return(town, saved(tmp_path / "a.json", answer(form, entries)))

    assert [NOTHING, NOTHING, NOTHING, NOTE] == [one.kind for one in found[1:]]
    assert not any(one.can_accept for one in found[1:4])
    with pytest.raises(UserError, match="没有选中"):
        accepted(town, returned, found[1:4])


def test_another_projects_file_is_refused(town: Project, tmp_path: Path) -> None:
    """And one whose packet was changed, or is of a later state than this copy."""
    form = form_of(town)
    for changes, match in (
        ({"project": "0" * 24}, "另一个项目"),
        ({"project": ""}, "另一个项目"),
        ({"packet": "x"}, "网页编号"),
        ({"packet": f"{town.last_step + 1}-abc"}, "网页编号"),
        ({"packet": "-1-abc"}, "网页编号"),
    ):
        with pytest.raises(DataProblem, match=match):
            told(town, tmp_path / "a.json", [], form, **changes)


def test_the_same_file_is_taken_once(town: Project, tmp_path: Path) -> None:
    """Sent twice in the group: the second time there is nothing to accept; what was undone may be taken again."""
    form, known = form_of(town), ids(town)
    path = saved(tmp_path / "a.json", answer(form, [tick(known["20240601-001"], "not_done", form)]))
    town.apply(accepted(town, *read_return(town, path)))

    again = read_return(town, path)[1]
    assert [NOTHING, NOTHING] == [one.kind for one in again]
    assert "采纳过" in again[1].reason
    town.undo()
    assert [VISIT, NOTE] == [one.kind for one in read_return(town, path)[1]]


def test_a_copy_of_the_project_takes_the_file(town: Project, tmp_path: Path) -> None:
    """The same project under another name."""
    from tests.build import copied

    form, known = form_of(town), ids(town)
    other = Project.open(copied(town.path, tmp_path, "副本.gpkg"), "某某02")
    try:
        assert told(other, tmp_path / "a.json", [tick(known["20240601-001"], "done", form)], form)
    finally:
        other.close()
