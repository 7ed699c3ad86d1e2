"""Imports as a user starts them, each in a process of its own: a large shapefile beside ogr2ogr, a long list twice, a table of points."""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.scale import ROOT, folder
from benchmarks.table import Row

_MAIN = [sys.executable, str(ROOT / "main.py")]
_PEAK = """
import subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
import resource
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
sys.exit(done.returncode if done.returncode not in (0, 3) else 0)
"""
_TIMES = 3
_ROWS, _POINTS = 20_000, 120_000
_HEAD = (
    "序号",
    "问题编号",
    "点位类型",
    "点位名称",
    "详细地址",
    "街道",
    "存在问题",
    "问题类别",
    "发现时间",
    "责任单位",
    "责任人",
    "联系电话",
    "整改时限",
    "完成情况",
    "备注",
)


def importing() -> list[Row]:
    """100,000 areas with checks and log, a list of 20,000 rows twice, 120,000 points."""
    return [*_areas(), *_list(), *_points()]


def _new(project: Path) -> Path:
    project.unlink(missing_ok=True)
    subprocess.run([*_MAIN, "new", str(project), "--title", "bench", "--crs", "EPSG:4547"], check=True, stdout=subprocess.DEVNULL)
    return project


def _import(project: Path, file: Path, layer: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one import."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _PEAK, *_MAIN, "import", str(project), str(file), "--layer", layer],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},  # a user's Python keeps what it compiled
    )
    return time.perf_counter() - start, float(done.stdout.strip().splitlines()[-1])


def _areas() -> list[Row]:
    data = folder()
    if data is None:
        return []
    source = data / "zones_gbk.shp"
    ours, peaks, peer = [], [], []
    with TemporaryDirectory() as place:
        for _time in range(_TIMES):
            seconds, mb = _import(_new(Path(place) / "p.gpkg"), source, "zone")
            ours.append(seconds)
            peaks.append(mb)
            if shutil.which("ogr2ogr"):
                (Path(place) / "peer.gpkg").unlink(missing_ok=True)
                start = time.perf_counter()
                subprocess.run(["ogr2ogr", "-oo", "ENCODING=GBK", str(Path(place) / "peer.gpkg"), str(source)], check=True)
                peer.append(time.perf_counter() - start)
    return [
        Row("import 100,000 GBK areas", median(ours), "≤ 2 × ogr2ogr", median(peer) if peer else None, "ours with start-up; peer: ogr2ogr"),
        Row("peak memory of that", max(peaks), "≤ 600 MB", None, "", unit="M"),
    ]


def _list() -> list[Row]:
    """A list of issues, then the same with half of its rows changed: read, matched, compared, written."""
    rng = random.Random(0)
    with TemporaryDirectory() as place:
        project, first, again = _new(Path(place) / "p.gpkg"), Path(place) / "问题清单6月3日.xlsx", Path(place) / "问题清单6月4日.xlsx"
        rows = [_issue(number, rng) for number in range(1, _ROWS + 1)]
        _workbook(first, rows)
        for row in rng.sample(rows, _ROWS // 2):
            row[13] = "已整改"
            row[14] = "6月4日更新"
        _workbook(again, rows)
        new, _mb = _import(project, first, "issue")
        second, mb = _import(project, again, "issue")
    return [
        Row("import a list of 20,000 rows", new, "≤ 6 s", None, "15 columns, new rows"),
        Row("the same list again", second, "≤ 6 s", None, "half of its rows changed"),
        Row("peak memory of that", mb, "", None, "", unit="M"),
    ]


def _issue(number: int, rng: random.Random) -> list[str | int]:
    what = rng.choice(("路面破损", "垃圾未清理", "非机动车乱停放", "小广告未清除", "占道经营", "公益广告褪色", "井盖缺失", "绿化带缺株"))
    return [
        number,
        f"W{number:05d}",
        rng.choice(("主次干道", "背街小巷", "农贸市场", "社区")),
        f"点位{number % 132:03d}",
        f"人民路{number % 900}号",
        f"第{number % 12}街道",
        f"门前{number % 700}米处{what}",
        what,
        f"6月{rng.randint(1, 3)}日",
        f"单位{number % 60}",
        "某某",
        f"138{number:08d}",
        "6月底前",
        rng.choice(("未整改", "整改中")),
        "",
    ]


def _workbook(path: Path, rows: list[list[str | int]]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("问题清单")
    sheet.append(["××区实地考察点位问题明细表"])
    sheet.append(_HEAD)
    for row in rows:
        sheet.append(row)
    book.save(path)


def _points() -> list[Row]:
    """Points with coordinates in degrees, GBK csv."""
    rng = random.Random(1)
    with TemporaryDirectory() as place:
        source = Path(place) / "部件普查.csv"
        with source.open("w", encoding="gbk", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["问题编号", "问题描述", "经度", "纬度"])
            writer.writerows([f"B{number:06d}", f"上水井盖{number}破损", f"{114 + rng.random():.6f}", f"{28 + rng.random():.6f}"] for number in range(_POINTS))
        seconds, mb = _import(_new(Path(place) / "p.gpkg"), source, "issue")
    return [Row("import 120,000 points from csv", seconds, "≤ 10 s", None, "GBK, degrees"), Row("peak memory of that", mb, "", None, "", unit="M")]
