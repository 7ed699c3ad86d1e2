"""`print`: sheets of paper to PDF, with a pre-flight; or the pre-flight alone."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.cli.answering import DONE, IN_PART, open_project, print_json
from chuangwen.cli.web import add_reader_arguments
from chuangwen.errors import UserError
from chuangwen.settings import resources_folder
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Atlas, Page
    from chuangwen.render.paper.preflight import Finding
    from chuangwen.services.paper.sheet import Request
    from chuangwen.services.project import Project
    from chuangwen.services.seen_project import Reader

_PAPERS = ("A4", "A3", "A2", "A1", "A0")
_ORDERS = ("street", "unit", "patroller", "route")
_TOLD = 5  # findings of one kind that are told in words; all of them stand in the JSON


def products() -> list[str]:
    """The products that there are templates for, without loading what draws them."""
    return sorted(path.stem for path in (resources_folder() / "paper").glob("*.toml"))


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `print`."""
    command.add_argument("product", choices=products(), metavar="|".join(products()))
    command.add_argument("--code", action="append", default=[], metavar="C", help=_("编号，可多次给出；不给则全部"))
    command.add_argument("--out", type=Path, metavar="FILE.pdf|DIR", help=_("一个 PDF，或每幅一个 PDF 的文件夹"))
    command.add_argument("--paper", choices=_PAPERS, help=_("纸张；不给则用这种图的第一种纸"))
    command.add_argument("--scale", default="auto", metavar="auto|fit|N", help=_("比例尺 1:N；auto：合适的标准比例尺；fit：正好放满"))
    command.add_argument("--mono", action="store_true", help=_("黑白打印样式"))
    command.add_argument("--changed", action="store_true", help=_("只印与上次打印的巡查包有变化的图"))
    command.add_argument("--packet", choices=_ORDERS, help=_("装成巡查包：前有索引图，按街道、责任单位、巡查人或路线排列，并记住印了什么"))
    command.add_argument("--both-sides", action="store_true", help=_("双面打印的巡查包：每幅图从正面开始"))
    add_reader_arguments(command, places=False)
    command.add_argument("--check", action="store_true", help=_("只做打印前检查，不写文件；有错误时退出码为 3"))


def run(options: argparse.Namespace) -> int:
    """Check and write; where only what changed is wanted and nothing did, say so. Raises `UserError` for what cannot be printed."""
    from chuangwen.render.paper.packet_run import NothingChanged
    from chuangwen.render.paper.preflight import check
    from chuangwen.services.seen_project import note_public

    if options.out is None and not options.check:
        raise UserError(_("没有说存到哪里。"), hint=_("请用 --out 给出文件名（.pdf）或文件夹，或用 --check 只做检查。"))
    project = open_project(options)
    try:
        job = _packet(project, options) if options.packet or options.changed else _plain(project, options)
    except NothingChanged as nothing:
        print_json({"files": [], "pages": 0, "findings": [], "changes": []}) if options.json else print(nothing.message)
        return DONE
    # A long run is checked after it is written: where the labels stand is known by then, from both processes.
    files = [] if options.check else job.write(options.out)
    if files:
        note_public(project, _reader(options), files, len(job.pages))
    findings = check(job.run, target=job.target(options.out) if options.check else None)
    if options.json:
        print_json(
            {
                "files": [str(path) for path in files],
                "pages": len(job.pages),
                "findings": [_as_json(project, one) for one in findings],
                "changes": [{"code": code, "note": note} for code, note in job.changes],
            }
        )
    else:
        for line in [*files, *(f"{code}  {note}" for code, note in job.changes)]:
            print(line)
        if options.check:
            print(_("{count} 页，打印前检查：{errors} 个错误，{warnings} 个提醒。").format(count=len(job.pages), **_counts(findings)))
    _tell(findings)
    return IN_PART if options.check and any(one.severity == "error" for one in findings) else DONE


@dataclass(frozen=True, slots=True)
class _Job:
    """A run that is ready to be checked and written; `changes`: code of a sheet, what is new on it."""

    run: Atlas
    pages: Sequence[Page]
    write: Callable[[Path], list[Path]]
    changes: Sequence[tuple[str, str]] = ()
    is_packet: bool = False

    def target(self, out: Path | None) -> Path | None:
        """What the pre-flight is to look at; the files of a packet in a folder have other names than sheets."""
        return None if self.is_packet and out is not None and out.suffix.lower() != ".pdf" else out


def _plain(project: Project, options: argparse.Namespace) -> _Job:
    from chuangwen.render.paper.printing import write_run
    from chuangwen.render.paper.products import atlas

    made = atlas(project, _request(options), halo="marker")
    return _Job(made, made.pages, lambda out: write_run(made, out))


def _packet(project: Project, options: argparse.Namespace) -> _Job:
    """What goes out is recorded once it is written."""
    from chuangwen.render.paper.packet_run import PacketOrder, packet_run, write_pages
    from chuangwen.services.paper.printed import record

    order = PacketOrder(_request(options), options.packet or "street", index=options.packet is not None, both_sides=options.both_sides, changed=options.changed)
    made = packet_run(project, order, halo="marker")

    def write(out: Path) -> list[Path]:
        written = write_pages(made, order, out)
        record(project.store, made.printed, f"{dt.datetime.now():%Y%m%d-%H%M%S}", options.by)
        return written

    return _Job(made.pages[0].atlas, made.pages, write, [(one.sheet.code, one.note) for one in made.printed if one.note], is_packet=True)


def _request(options: argparse.Namespace) -> Request:
    from chuangwen.services.paper.sheet import FIT, Request
    from chuangwen.services.paper.templates import template

    scale = FIT if options.scale == "fit" else None
    if options.scale not in ("auto", "fit"):
        try:
            scale = int(options.scale.replace("1:", "").replace(" ", "").replace(",", ""))
        except ValueError:
            raise UserError(_("比例尺“{scale}”应写成 5000、auto 或 fit。").format(scale=options.scale)) from None
    paper = options.paper or template(options.product).papers[0]
    return Request(options.product, tuple(options.code) or None, paper, scale, options.mono, _reader(options))


def _reader(options: argparse.Namespace) -> Reader | None:
    """For whom the sheets are; None where nothing was said: the office itself."""
    from chuangwen.domain.audience import INTERNAL
    from chuangwen.services.seen_project import Reader

    if not (options.profile or options.masked or options.unit):
        return None
    return Reader(options.profile or INTERNAL, options.masked, options.unit, options.review_number, options.public_ok)


def _counts(findings: list[Finding]) -> dict[str, int]:
    return {f"{severity}s": sum(one.severity == severity for one in findings) for severity in ("error", "warning")}


def _as_json(project: Project, finding: Finding) -> dict[str, Any]:
    layer, row_id = finding.feature or ("", "")
    feature = project.features(layer).feature(row_id) if layer else None
    return {
        "severity": finding.severity,
        "kind": finding.kind,
        "words": finding.words,
        "page": finding.page.number if finding.page is not None else None,
        "sheet": finding.sheet.code if finding.sheet is not None else None,
        "layer": layer or None,
        "code": feature.code if feature is not None else None,
    }


def _tell(findings: list[Finding]) -> None:
    """Errors and warnings on stderr, not more of one kind than can be read."""
    titles = {"error": _("错误"), "warning": _("提醒")}
    told: dict[str, int] = {}
    for one in findings:
        if one.severity in titles:
            told[one.kind] = told.get(one.kind, 0) + 1
            if told[one.kind] <= _TOLD:
                print(f"{titles[one.severity]}：{one.words}", file=sys.stderr)
    more = sum(max(count - _TOLD, 0) for count in told.values())
    if more:
        print(_("还有 {count} 条同类的，用 --json 看全部。").format(count=more), file=sys.stderr)
