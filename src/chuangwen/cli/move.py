"""`move`: issues from one state to the next (domain.md 4.2), with what the move needs and its photos. All of them or none."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.domain.lifecycle import STATES, moves_from
from chuangwen.errors import UserError
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `move`."""
    command.add_argument("words", nargs="*", metavar="CODE… MOVE field=value…", help=_("问题编号，办理动作或目标状态（中文或英文），所需的字段"))
    command.add_argument(
        "--photo", action="append", default=[], metavar="after=FILE", help=_("随办理添加的照片：before、after、check、relapse=文件，可多次给出")
    )


def run(options: argparse.Namespace) -> int:
    """Make the move; without one attach the photos, and without these say what each issue may do.

    Raises `UserError` for a move that may not be made, and then nothing is changed.
    """
    from chuangwen.services.evidence import evidence_findings, write_then
    from chuangwen.services.moving import issues_of, move_from_words

    project = open_project(options)
    codes, wanted, words = _told_apart(project, options.words)
    issues = issues_of(project, codes)
    if not wanted and not options.photo:
        return _legal(project, codes, as_json=options.json)
    edit, attached = move_from_words(project, issues, wanted, words, [_photo(entry) for entry in options.photo])
    write_then(attached, project.files_folder, lambda: project.apply(edit))
    now = [issue for issue in (project.features("issue").feature(one.id) for one in issues) if issue is not None]
    found = evidence_findings(project, project.epsg, [issue.id for issue in issues]) if attached.changes else []
    if options.json:
        moved = [{"code": issue.code, "from": was.get("status"), "to": issue.get("status")} for was, issue in zip(issues, now, strict=True)]
        print_json({"label": edit.label, "moved": moved, "warnings": [one.as_json() for one in found]})
    else:
        print(edit.label)
        for was, issue in zip(issues, now, strict=True):
            print(f"  {issue.code}  {STATES[str(was.get('status'))]} → {STATES[str(issue.get('status'))]}")
        for one in found:
            print(_("注意：{warning}").format(warning=one.text))
    return DONE


def _told_apart(project: Project, words: Sequence[str]) -> tuple[list[str], str, dict[str, str]]:
    """Codes, the move, fields. The move is the last bare word that is not the code of an issue."""
    fields = dict(word.split("=", 1) for word in words if "=" in word)
    bare = [word for word in words if "=" not in word]
    wanted = bare.pop() if bare and project.features("issue").coded(bare[-1]) is None else ""
    if not bare:
        raise UserError(_("没有说办理哪个问题。"), hint=_("例如：move P.gpkg 20240603-001 签收 receiver=某某"))
    return bare, wanted, {name.strip(): value for name, value in fields.items()}


def _photo(entry: str) -> tuple[str, Path]:
    kind, equals, file = entry.partition("=")
    if not equals or not file:
        raise UserError(_("--photo 应写成 after=文件（整改后）、before=文件（整改前）……。"))
    return kind.strip(), Path(file)


def _legal(project: Project, codes: Sequence[str], *, as_json: bool) -> int:
    """What each issue may do next, whose move it is and what it needs."""
    from chuangwen.services.moving import issues_of

    field = project.layers["issue"].field_by_name
    found = []
    for issue in issues_of(project, codes):
        moves = [
            {"id": one.id, "button": one.button, "to": one.target, "roles": list(one.roles), "needs": list(one.needs), "photo": one.photo or None}
            for one in moves_from(str(issue.get("status")))
        ]
        found.append({"code": issue.code, "status": issue.get("status"), "moves": moves})
        if not as_json:
            print(f"{issue.code}  {STATES[str(issue.get('status'))]}")
            for one in moves_from(str(issue.get("status"))):
                needs = "、".join(f"{field[name].title}({name})" if name in field else name for name in one.needs)
                print(f"  {one.button} ({one.id}) → {STATES[one.target]}  [{one.whose}]  {needs}")
    if as_json:
        print_json({"issues": found})
    return DONE
