"""The command line: all that the window does, except look (design.md §9).

Exit status: 0 done; 3 done in part (records rejected, listed); 2 refused (a sentence on stderr, nothing changed); 1 a bug of ours.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from chuangwen import __version__
from chuangwen.cli import (
    assign,
    boundary,
    check,
    merge,
    move,
    order,
    paper,
    report,
    timing,
    unit,
    web,
)
from chuangwen.cli.answering import BUG, DONE, IN_PART, REFUSED, day_of, open_project, print_json
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.roles import ROLE_WORDS, ROLES
from chuangwen.domain.values import plain
from chuangwen.errors import Cancelled, DataProblem, RuleBroken, UserError, nearest
from chuangwen.exchange.doubts import Unanswered
from chuangwen.services.project import Project
from chuangwen.settings import Settings
from chuangwen.text import _

Number = TypeVar("Number", int, float)


class _Parser(argparse.ArgumentParser):
    """Refuses with a sentence that offers the nearest command."""

    def error(self, message: str) -> NoReturn:
        word = next((word for word in sys.argv[1:] if word not in COMMANDS and not word.startswith("-")), "")
        close = nearest(word, list(COMMANDS)) if "invalid choice" in message else None
        hint = _("是不是 {close}？").format(close=close) if close else ""
        self.exit(REFUSED, f"{self.prog}: {message} {hint}\n{self.format_usage()}")


def _parser(settings: Settings) -> argparse.ArgumentParser:
    parser = _Parser(prog="chuangwen", description=_("创文一张图：不带命令时打开窗口。"))
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(dest="command", metavar=_("命令"), required=True)

    def command(name: str, title: str, *, project: bool = True) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=title, description=title)
        if project:
            one.add_argument("project", type=Path, metavar="P.gpkg")
        return one

    demo = command("demo", _("建立示范项目 DIR/demo.gpkg"), project=False)
    demo.add_argument("folder", type=Path, metavar="DIR")

    new = command("new", _("新建项目"))
    new.add_argument("--title", required=True)
    new.add_argument("--crs", default="auto", metavar="EPSG:4547", help=_("CGCS2000 三度带 EPSG:4534–4554；auto：由第一份导入的数据确定"))
    new.add_argument("--arrival", metavar="YYYY-MM-DD", help=_("进驻日"))

    take = command("import", _("导入矢量文件或表格"))
    take.add_argument("file", type=Path, metavar="FILE")
    take.add_argument("--layer", required=True, metavar="L|reference")
    take.add_argument("--name", default="", help=_("参考图层的名称"))
    take.add_argument("--encoding", default="auto")
    take.add_argument("--crs", default="auto", metavar="auto|EPSG:N|gcj02|bd09|local|points:FILE")
    take.add_argument("--map", action="append", default=[], metavar=_("源列=字段"))
    take.add_argument("--sheet", default="", help=_("工作表名称"))
    take.add_argument("--answer", action="append", default=[], metavar="KEY=VALUE", help=_("对导入时提出的问题的回答，可多次给出"))
    take.add_argument("--receipt", type=Path, metavar="FILE.xlsx", help=_("把回执（来表各行加结果和原因）写到这个文件，可退回来源单位"))
    take.add_argument("--profile", default="", help=_("来源单位的导入方案；none：不用"))
    take.add_argument("--dissolve", default="", metavar=_("列"), help=_("按这一列把面合并（社区网格合成创建网格）"))
    take.add_argument("--snap", type=float, default=0.5, metavar="M", help=_("相邻网格的边界相距多少米以内算同一条；默认 0.5"))
    take.add_argument("--dry-run", action="store_true")

    show = command("show", _("显示项目或一个图层"))
    show.add_argument("layer", nargs="?")
    show.add_argument("--where", action="append", default=[], metavar="field=value")
    show.add_argument("--csv", action="store_true")
    show.add_argument("--as-of", metavar="YYYY-MM-DD", help=_("那一天晚上的样子"))

    change = command("set", _("修改一条记录"))
    change.add_argument("layer")
    change.add_argument("code")
    change.add_argument("values", nargs="+", metavar="field=value")

    merge.add_arguments(command("merge", _("合并重复的问题；不写编号：列出可能重复的")))
    move.add_arguments(command("move", _("办理：交办、签收、退回、反馈整改、销号……，可一次办几个问题")))

    undo = command("undo", _("撤销上一步，或一次导入"))
    undo.add_argument("--import", dest="imported", default="", metavar="ID", help=_("撤销这一次导入"))
    undo.add_argument("--step", type=int, default=0, metavar="N", help=_("撤销修改经过里的第 N 步；后来有人接着改过的不能撤销"))
    command("redo", _("重做"))
    history = command("history", _("修改经过"))
    history.add_argument("layer", nargs="?")
    history.add_argument("code", nargs="?")
    history.add_argument("--from", dest="since", metavar="YYYY-MM-DD", help=_("与 --to 一起：两天晚上之间有什么变化"))
    history.add_argument("--to", dest="until", metavar="YYYY-MM-DD")
    history.add_argument("--out", type=Path, metavar="FILE.docx|.xlsx", help=_("把变化写成文档或表格"))

    imports = command("imports", _("历次导入：从哪个文件来，带来什么"))
    imports.add_argument("id", nargs="?", help=_("导入的编号，给出开头或末尾几位即可"))
    imports.add_argument("--compare", nargs=2, metavar=("ID1", "ID2"), help=_("比较两次导入说的有什么不同"))

    order.add_arguments(command("order", _("文书：交办、催办、督办、指定、责令整改，签收、反馈、作废、台账，按单位拆分清单")))
    check.add_arguments(command("check", _("盲区检查：没有覆盖到的地方、岗位、单位和问题")))
    boundary.add_arguments(command("boundary", _("预演或调整网格边界：什么换了责任，交接清单；--apply 写入")))
    report.add_arguments(command("report", _("报表：盲区检查表……"), project=False))

    unit.add_note_arguments(command("note", _("单位的记事：记下表态，或列出")))
    timing.add_calendar_arguments(command("calendar", _("工作日历：放假、调休、上班时间")))
    timing.add_campaign_arguments(command("campaign", _("项目的日期和阶段")))
    timing.add_due_arguments(command("due", _("问题的时限：何时到期、还剩多少、按规定该是何时")))
    assign.add_arguments(command("assign", _("责任判定：按规则该归谁、为什么不是别家；--apply 写入")))
    paper.add_arguments(command("print", _("打印图纸（PDF）：网格巡查图、路段责任表、点位一页表、作战图……")))

    export = command("export", _("导出图层"))
    export.add_argument("layer")
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--crs", default="", metavar="EPSG:N")
    export.add_argument("--encoding", default="auto", choices=["auto", "gbk", "utf-8"], help=_("shapefile 和 csv 的文字编码；auto：GBK，装不下的字才用 UTF-8"))
    export.add_argument("--names", default="ascii", choices=["ascii", "chinese"], help=_("shapefile 的字段名：英文，或截到 10 字节的中文"))
    export.add_argument("--like", type=Path, metavar="FILE", help=_("照这份来表的列和顺序导出（xlsx、csv）"))
    export.add_argument("--public", action="store_true", help=_("公开导出：不写人名、电话等个人信息；即 --profile public --public-ok --masked"))
    web.add_reader_arguments(export)

    web.add_arguments(command("web", _("网页地图：一个不联网也能打开的 html 文件，给内部、单位、巡查或公开")))
    web.add_return_arguments(command("web-return", _("巡查网页发回的文件：看提议；--accept 采纳")))

    render = command("render", _("把地图画成图片"))
    render.add_argument("file", type=Path, metavar="FILE.png")
    render.add_argument("--extent", metavar="x0,y0,x1,y1")
    render.add_argument("--size", default="1600x1000", metavar="WxH")

    command("doctor", _("检查这台电脑缺什么"), project=False)
    for one in commands.choices.values():
        one.add_argument("--json", action="store_true", help=_("输出一个 JSON 对象"))
        one.add_argument("--by", default=settings.who, metavar=_("姓名"), help=_("写入修改经过的姓名"))
        one.add_argument("--role", default=settings.role, choices=list(ROLES), help=_("写入修改经过的角色：{roles}").format(roles=ROLE_WORDS))
    return parser


def main(arguments: list[str], settings: Settings) -> int:
    """Run one command and return its exit status."""
    options = _parser(settings).parse_args(report.kind_first(arguments))
    try:
        return COMMANDS[options.command](options)
    except (Cancelled, KeyboardInterrupt):
        print(_("已取消，没有改动。"), file=sys.stderr)
        return REFUSED
    except UserError as error:
        _refuse(error, as_json=options.json)
        return REFUSED
    except BrokenPipeError:
        return DONE
    except Exception:
        logging.getLogger("chuangwen").exception(_("程序出错了，请把以下内容发给维护人员。"))
        return BUG


def _refuse(error: UserError, *, as_json: bool) -> None:
    print(str(error), file=sys.stderr)
    reasons = error.reasons if isinstance(error, RuleBroken) else {}
    rows = error.rows if isinstance(error, DataProblem) else {}
    for name, reason in reasons.items():
        if reason != error.message:
            print(f"  {name}: {reason}", file=sys.stderr)
    for row, reason in rows.items():
        print(_("  第 {row} 行：{reason}").format(row=row, reason=reason), file=sys.stderr)
    doubts = error.doubts if isinstance(error, Unanswered) else ()
    for doubt in doubts:
        print(f"  {doubt.question}", file=sys.stderr)
        for answer in doubt.answers:
            print(f"    --answer {doubt.key}={answer.value}  {answer.title} {answer.note}".rstrip(), file=sys.stderr)
    if as_json:
        print_json(
            {
                "error": error.message,
                "hint": error.hint,
                "reasons": reasons,
                "rows": [{"row": row, "reason": reason} for row, reason in rows.items()],
                "doubts": [doubt.as_json() for doubt in doubts],
            }
        )


def _pairs(entries: list[str]) -> dict[str, str]:
    pairs = {}
    for entry in entries:
        name, equals, value = entry.partition("=")
        if not equals:
            raise UserError(_("“{entry}”应写成 字段=值。").format(entry=entry))
        pairs[name.strip()] = value
    return pairs


def _demo(options: argparse.Namespace) -> int:
    from chuangwen.services.demo import make_demo

    path, reports = make_demo(options.folder, options.by)
    if options.json:
        print_json({"project": str(path), "imports": [report.as_json() for report in reports]})
    else:
        for report in reports:
            print(report.sentence())
        print(_("示范项目已建立：{path}").format(path=path))
    return IN_PART if any(report.rejected for report in reports) else DONE


def _new(options: argparse.Namespace) -> int:
    from chuangwen.services.create import create_project

    create_project(options.project, options.title, options.crs, options.arrival, options.by).close()
    print(_("已建立 {path}").format(path=options.project)) if not options.json else print_json({"project": str(options.project)})
    return DONE


def _import(options: argparse.Namespace) -> int:
    from chuangwen.services.importing import ImportOptions, run_import

    project = open_project(options)
    wanted = ImportOptions(
        name=options.name,
        encoding=options.encoding,
        crs=options.crs,
        columns=_pairs(options.map),
        dry_run=options.dry_run,
        sheet=options.sheet,
        answers=_pairs(options.answer),
        profile=options.profile,
        receipt=options.receipt,
        snap_m=options.snap,
        dissolve=options.dissolve,
    )
    report = run_import(project, options.file, options.layer, wanted)
    project.close()
    if options.json:
        print_json(report.as_json())
    else:
        print(report.sentence())
        if report.profile:
            print(_("按导入方案“{profile}”读取（--profile none：不用）").format(profile=report.profile))
        for warning in report.warnings:
            print(_("注意：{warning}").format(warning=warning))
        for row in report.repaired:
            print(_("第 {row} 行已修复：{what}").format(row=row.row, what=row.what))
        for finding in report.findings:
            print(_("图形：{what}").format(what=finding.title))
        for doubt in report.doubts:
            print(_("问题：{question} 已按“{chosen}”处理（--answer {key}=…）").format(question=doubt.question, chosen=doubt.chosen_title, key=doubt.key))
        for entry in report.rejected:
            print(_("第 {row} 行未导入：{reason}").format(row=entry.row, reason=entry.reason))
    return IN_PART if report.rejected else DONE


def _show(options: argparse.Namespace) -> int:
    project = open_project(options)
    if options.layer is None:
        counts = {name: project.store.count(name) for name in project.layers}
        if options.json:
            print_json({"title": project.campaign.title, "crs": f"EPSG:{project.epsg}", "layers": counts})
        else:
            print(f"{project.campaign.title}  EPSG:{project.epsg}")
            for name, count in counts.items():
                print(f"{name:<18}{count:>8}  {project.layers[name].title}")
        return DONE
    from chuangwen.services.as_of import PastView
    from chuangwen.services.editing import matching

    view = PastView(project, day_of(options.as_of)) if options.as_of else project
    features = matching(view, project.layers.named(options.layer), _pairs(options.where))
    if options.json:
        print_json({"features": [_as_json(feature) for feature in features]})
    elif options.csv:
        _print_csv(features)
    else:
        for feature in features:
            status = features.layer.field_by_name["status"].show(feature.get("status")) if features.layer.has("status") else ""
            print(
                "  ".join(
                    part
                    for part in (feature.code, feature.name, status, "" if feature.geometry is not None or not features.layer.has_geometry else _("未定位"))
                    if part
                )
            )
    return DONE


def _as_json(feature: Feature) -> dict[str, Any]:
    from shapely.geometry import mapping

    return {"id": feature.id, **feature.values, "geometry": mapping(feature.geometry) if feature.geometry is not None else None}


def _print_csv(features: Features) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    fields = features.layer.fields
    writer.writerow([one.title for one in fields])
    for feature in features:
        writer.writerow([one.show(feature.get(one.name)) for one in fields])


def _set(options: argparse.Namespace) -> int:
    from chuangwen.services.editing import set_from_text

    project = open_project(options)
    layer = project.layers.named(options.layer)
    edit = set_from_text(project, layer, project.feature(layer, options.code), _pairs(options.values))
    project.apply(edit)
    _said(options, edit, edit.label if edit else _("已经是这个值，没有改动。"))
    return DONE


def _undo(options: argparse.Namespace) -> int:
    project = open_project(options)
    if options.command == "undo" and options.imported:
        from chuangwen.services.provenance import find_import, undo_import

        step = undo_import(project, find_import(project, options.imported))
    elif options.command == "undo" and options.step:
        step = project.undo_number(options.step)
    else:
        step = project.undo() if options.command == "undo" else project.redo()
    word = _("已撤销：{label}") if options.command == "undo" else _("已重做：{label}")
    print_json({"label": step.label, "rows": step.rows}) if options.json else print(word.format(label=step.label))
    return DONE


def _said(options: argparse.Namespace, edit: Edit, sentence: str) -> None:
    print_json({"label": edit.label, "rows": len(edit.changes)}) if options.json else print(sentence)


def _history(options: argparse.Namespace) -> int:
    from chuangwen.services.editing import row_history

    project = open_project(options)
    if options.since or options.until:
        return _changes(options, project)
    sources: list[dict[str, Any]] = []
    if options.layer and options.code:
        from chuangwen.services.provenance import source_sentence, sources_of

        layer = project.layers.named(options.layer)
        feature = project.feature(layer, options.code)
        entries, sources = row_history(project, layer, feature), sources_of(project, layer, feature)
    else:
        entries = [
            {"number": step.number, "at": step.at, "by": step.by, "role": step.role, "kind": step.kind, "label": step.label, "rows": step.rows}
            for step in reversed(project.store.steps())
        ]
    if options.json:
        print_json({"history": entries, "sources": sources})
    else:
        for entry in entries:
            shown = {**entry, "role": ROLES.get(entry["role"], entry["role"])}
            print("  ".join(f"{plain(value)}" for value in shown.values() if not isinstance(value, dict)))
            for title, (old, new) in entry.get("changes", {}).items():
                print(f"      {title}：{old or _('空')} → {new or _('空')}")
        for source in sources:
            print(_("来源：{source}").format(source=source_sentence(source)))
    return DONE


def _changes(options: argparse.Namespace, project: Project) -> int:
    """What differs between the evenings of two days."""
    from chuangwen.services.as_of import differences, write_differences

    until = day_of(options.until) if options.until else project.campaign.today
    since = day_of(options.since) if options.since else until - dt.timedelta(days=1)
    layers = (project.layers.named(options.layer).id,) if options.layer else ()
    found = differences(project, since, until, layers)
    if options.out:
        write_differences(options.out, found, since, until, project.campaign)
    if options.json:
        print_json({"from": since, "to": until, "changes": [one.as_json() for one in found]})
    else:
        for one in found:
            print(f"{one.layer.title}  {one.sentence}")
    return DONE


def _imports(options: argparse.Namespace) -> int:
    from chuangwen.services.provenance import looked_up

    found, lines = looked_up(open_project(options), options.id or "", options.compare or ())
    print_json(found) if options.json else print("\n".join(lines))
    return DONE


def _export(options: argparse.Namespace) -> int:
    from chuangwen.services.exporting import ExportOptions, run_export

    project = open_project(options)
    reader, subject = web.reader_of(options, project)
    wanted = ExportOptions(
        options.crs,
        options.encoding,
        options.like,
        options.names == "chinese",
        reader,
        subject,
        options.public or options.public_ok,
        options.review_number,
    )
    written = run_export(project, project.layers.named(options.layer), options.file, wanted)
    if options.json:
        print_json({"file": str(options.file), "written": written.count, "notes": list(written.notes)})
    else:
        print(_("已导出 {count} 条到 {file}").format(count=written.count, file=options.file))
        for note in written.notes:
            print(_("注意：{warning}").format(warning=note))
    return DONE


def _render(options: argparse.Namespace) -> int:
    from chuangwen.render.picture import write_picture

    width, height = _numbers(options.size.lower().split("x"), 2, int)
    extent = _numbers(options.extent.split(","), 4, float) if options.extent else None
    write_picture(open_project(options), options.file, extent, width, height)
    print_json({"file": str(options.file)}) if options.json else print(options.file)
    return DONE


def _numbers(parts: list[str], count: int, kind: type[Number]) -> tuple[Number, ...]:
    try:
        numbers = tuple(kind(part) for part in parts)
    except ValueError:
        numbers = ()
    if len(numbers) != count:
        raise UserError(_("--size 应写成 1600x1000，--extent 应写成 x0,y0,x1,y1。"))
    return numbers


def _doctor(options: argparse.Namespace) -> int:
    from chuangwen.services.doctor import findings

    found = findings()
    if options.json:
        print_json({"findings": [{"name": one.name, "state": one.state, "remedy": one.remedy} for one in found]})
    else:
        for one in found:
            print(f"{one.state:<8}{one.name}" + (f"  → {one.remedy}" if one.remedy else ""))
    return REFUSED if any(one.state == "missing" for one in found) else DONE


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "demo": _demo,
    "new": _new,
    "import": _import,
    "show": _show,
    "set": _set,
    "merge": merge.run,
    "move": move.run,
    "undo": _undo,
    "redo": _undo,
    "history": _history,
    "imports": _imports,
    "check": check.run,
    "order": order.run,
    "boundary": boundary.run,
    "report": report.run,
    "note": unit.note,
    "calendar": timing.run_calendar,
    "campaign": timing.run_campaign,
    "due": timing.run_due,
    "assign": assign.run,
    "print": paper.run,
    "export": _export,
    "web": web.run,
    "web-return": web.run_return,
    "render": _render,
    "doctor": _doctor,
}
