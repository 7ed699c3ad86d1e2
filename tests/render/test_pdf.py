"""A PDF that is a map: it lies on the ground, its words are found, its tables are inside, and the same data gives the same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import shapely
from PIL import Image
from pypdf import PdfReader
from PySide6.QtCore import QBuffer, QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.render.georeference import Ground
from chuangwen.render.paper.printing import write, write_run
from chuangwen.render.paper.products import atlas
from chuangwen.render.pdf import Leaf, bound, tidied
from chuangwen.render.view import MapView
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from tests.build import ROOT
from tests.render.town import CODES, X, Y, town

pytestmark = pytest.mark.window
needs_gdal = pytest.mark.skipif(shutil.which("gdalinfo") is None, reason="gdalinfo (Debian package gdal-bin) is not installed")
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (Debian package poppler-utils) is not installed")


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    with town(tmp_path / "镇.gpkg") as found:
        yield found


@pytest.fixture
def printed(project: Project, tmp_path: Path) -> Path:
    """All zones on A3."""
    return write(project, Request("zone", None, "A3"), tmp_path / "图.pdf")[0]


def blank(width: float, height: float) -> bytes:
    """One page as Qt writes it, mm."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    size = QPageSize(QSizeF(min(width, height), max(width, height)), QPageSize.Unit.Millimeter, "", QPageSize.SizeMatchPolicy.ExactMatch)
    turned = QPageLayout.Orientation.Landscape if width > height else QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(size, turned, QMarginsF(0, 0, 0, 0)))
    painter = QPainter(writer)
    painter.drawLine(0, 0, 9, 9)
    painter.end()
    return bytes(buffer.data().data())


def gdal(path: Path) -> dict[str, object]:
    """What GDAL says of a PDF."""
    return json.loads(subprocess.run(["gdalinfo", "-json", str(path)], capture_output=True, text=True, check=True).stdout)  # type: ignore[no-any-return]


def neat_line(said: dict[str, object]) -> shapely.Polygon:
    return shapely.from_wkt(said["metadata"][""]["NEATLINE"])  # type: ignore[index]


@needs_gdal
@pytest.mark.parametrize(
    ("paper", "frame", "rotation"),
    [
        ((420.0, 297.0), Rect(10, 26.62, 250, 200), 0.0),
        ((297.0, 420.0), Rect(10, 26.62, 270, 300), 0.0),
        ((1189.0, 841.0), Rect(20, 40, 1100, 700), 0.0),
        ((420.0, 297.0), Rect(10, 60, 390, 90), 37.5),
    ],
    ids=["landscape", "portrait", "A0", "turned"],
)
def test_gdal_finds_the_map_where_it_is(tmp_path: Path, qapp: object, paper: tuple[float, float], frame: Rect, rotation: float) -> None:
    """CRS and neat line, and the ground under any dot of the page, within a tenth of a metre."""
    view = MapView((X, Y), 5_000, frame.width, frame.height, rotation=rotation)
    ground = Ground(frame, view, 4548)
    path = tmp_path / "a.pdf"

    path.write_bytes(bound([blank(*paper)], [Leaf("", "A-1", "A-1", 0, (ground,))], "图", dt.datetime(2024, 6, 3)))

    said = gdal(path)
    assert 'ID["EPSG",4548]' in str(said["coordinateSystem"])
    assert shapely.hausdorff_distance(neat_line(said), shapely.Polygon(ground.corners())) < 0.1
    # GDAL gives the ground of the page's own corner, too: the middle of the frame must lie where the view says.
    x0, dx_column, dx_row, y0, dy_column, dy_row = said["geoTransform"]  # type: ignore[misc]
    columns, rows = said["size"]  # type: ignore[misc]
    column = (frame.x + frame.width / 2) / paper[0] * columns
    line = (frame.y + frame.height / 2) / paper[1] * rows
    middle = (x0 + column * dx_column + line * dx_row, y0 + column * dy_column + line * dy_row)
    assert middle == pytest.approx((X, Y), abs=1.0)  # paper sizes are rounded to points


@needs_gdal
def test_a_printed_sheet_lies_on_the_ground(project: Project, tmp_path: Path) -> None:
    """Through the whole program: the zone lies inside the neat line, which is as large as the scale says."""
    (path,) = write(project, Request("zone", ("A-1",), "A4", 10_000), tmp_path / "a.pdf")

    found = neat_line(gdal(path))
    assert found.covers(shapely.box(X, Y, X + 1000, Y + 800))
    sides = sorted(found.bounds[at + 2] - found.bounds[at] for at in (0, 1))
    with pikepdf.open(path) as document:
        (viewport,) = document.pages[0].VP
        box = [float(side) / 72 * 25.4 for side in viewport.BBox]
    assert sides == pytest.approx(sorted(((box[2] - box[0]) * 10, (box[3] - box[1]) * 10)), abs=0.1)


def test_the_document_says_what_it_is(printed: Path) -> None:
    """Title, the data's date, language, a label for each page by which its sheet is found, bookmarks by street."""
    with pikepdf.open(printed) as document:
        assert "试验区" in str(document.docinfo["/Title"])
        assert str(document.docinfo["/CreationDate"]) == str(document.docinfo["/ModDate"])
        assert document.Root.Lang == "zh-CN"
    reader = PdfReader(printed)
    assert [label for label in reader.page_labels if "续" not in label] == list(CODES)
    streets = [one.title for one in reader.outline if not isinstance(one, list)]
    assert streets == ["东街", "西街"]


def test_the_tables_of_a_sheet_are_inside_as_csv(printed: Path) -> None:
    """One file a sheet, named by its code, tied to its page; cells that a spreadsheet would run are harmless."""
    reader = PdfReader(printed)
    files = {name: data[0] for name, data in reader.attachments.items()}

    assert sorted(files) == [f"{code}.csv" for code in CODES]
    assert files["A-1.csv"].startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(files["A-1.csv"].decode("utf-8-sig"))))
    cells = [cell for line in rows for cell in line]
    assert "'=人民广场" in cells
    assert [f"2024-{n:03d}" for n in range(6)] == [cell for cell in cells if cell.startswith("2024-")]
    with pikepdf.open(printed) as document:
        first = [page for page in document.pages if "/AF" in page.obj]
        assert [str(page.obj.AF[0].UF) for page in first] == [f"{code}.csv" for code in CODES]


def test_a_table_that_goes_on_is_one_table_in_the_csv(tmp_path: Path, qapp: object) -> None:
    """Eighty issues run over several pages; the file has one header for them."""
    with town(tmp_path / "镇.gpkg", issues=80) as project:
        (path,) = write(project, Request("zone", ("A-1",), "A4"), tmp_path / "a.pdf")

    reader = PdfReader(path)
    assert len(reader.pages) > 1
    assert list(reader.attachments) == ["A-1.csv"]
    text = reader.attachments["A-1.csv"][0].decode("utf-8-sig")
    assert text.count("问题编号") == 1
    assert text.count("路面破损") == 80


@needs_poppler
def test_what_is_read_is_found(printed: Path) -> None:
    """网格, every zone's name and code, and the road whose characters stand along a bend."""
    text = subprocess.run(["pdftotext", str(printed), "-"], capture_output=True, text=True, check=True).stdout
    pages = text.split("\f")
    for word in ("网格", "A-1", "A-2", "B-3", "东街第1网格", "东街第2网格", "西街长青门网格", "第一小学"):
        assert word in text
        assert word in "".join(page.extract_text() for page in PdfReader(printed).pages)
    assert "人民路" in pages[0].split()
    assert "人" not in pages[0].split()


@needs_poppler
def test_each_label_of_a_map_is_found(project: Project, tmp_path: Path) -> None:
    """Level, turned, along a bend, downwards; as often as it stands there."""
    run = atlas(project, Request("zone", None, "A3"), halo="marker")
    write_run(run, tmp_path / "a.pdf")
    text = subprocess.run(["pdftotext", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True).stdout

    for page, words in zip(run.pages, text.split("\f"), strict=False):
        labels = [label.text for scene in page.scenes for label in scene.labels]
        assert labels or page.part
        assert [label for label in labels if label not in words] == []
        roads = [label.text for scene in page.scenes for label in scene.labels if label.layer == "road"]
        assert [words.split().count(road) for road in roads] == [roads.count(road) for road in roads]


def test_nothing_but_lines_and_text(printed: Path) -> None:
    """No picture, every font inside with its name by content."""
    with pikepdf.open(printed) as document:
        objects = [one for one in document.objects if isinstance(one, pikepdf.Stream)]
        assert not [one for one in objects if one.get("/Subtype") == "/Image"]
        fonts = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"]
        assert fonts
        assert all(re.fullmatch(r"/[A-Z]{6}\+.+", str(font.FontName)) and "/FontFile2" in font for font in fonts)


@pytest.mark.parametrize("grey", [False, True])
def test_photos_stay_jpeg_and_are_light(qapp: object, grey: bool) -> None:
    """A photo in its place at 200 dpi takes half of what Qt writes for it."""
    grain = np.random.default_rng(1).normal(128, 12, (472, 629, 3)).clip(0, 255).astype(np.uint8)
    photo = QImage(grain.tobytes(), 629, 472, 629 * 3, QImage.Format.Format_RGB888).convertToFormat(
        QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB32
    )
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    painter.drawImage(QRectF(0, 0, 800, 600), photo)
    painter.end()

    def jpeg(data: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(data)) as document:
            (image,) = [one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"]
            assert image.Filter == "/DCTDecode"
            return image.read_raw_bytes()

    raw = bytes(buffer.data().data())
    before, after = jpeg(raw), jpeg(tidied(raw, Progress()))

    assert len(after) < 0.7 * len(before)
    drawn = np.asarray(Image.open(io.BytesIO(after)).convert("L"), dtype=float)
    assert np.abs(drawn - np.asarray(Image.open(io.BytesIO(before)).convert("L"), dtype=float)).mean() < 6


def test_labels_have_real_rims(printed: Path) -> None:
    """Stroked text in the PDF, none of the marks by which it was found."""
    with pikepdf.open(printed) as document:
        content = document.pages[0].Contents.read_bytes()
        states = document.pages[0].Resources.ExtGState
        assert b"1 Tr" in content
        assert all(float(state.get("/ca", 1)) == 1 for state in states.values())


def test_two_starts_of_the_program_write_the_same_bytes(project: Project, tmp_path: Path) -> None:
    """Tables inside, bookmarks and fonts included."""
    command = [sys.executable, str(ROOT / "main.py"), "print", str(project.path), "zone", "--paper", "A4", "--out"]
    for name in ("a.pdf", "b.pdf"):
        subprocess.run([*command, str(tmp_path / name)], check=True, stdout=subprocess.DEVNULL)

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_folder_of_files_is_written_like_one_file(project: Project, tmp_path: Path) -> None:
    """Each sheet by itself: its own title, its own table, its own place on the ground."""
    files = write(project, Request("zone", None, "A4"), tmp_path / "张")

    assert len(files) == len(CODES)
    for path, code in zip(files, CODES, strict=True):
        reader = PdfReader(path)
        assert list(reader.attachments) == [f"{code}.csv"]
        assert "/VP" in reader.pages[0]
    assert not list((tmp_path / "张").glob("*.part"))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_is_said_and_leaves_nothing(project: Project, tmp_path: Path) -> None:
    """The old file stays as it was."""
    import resource
    import signal

    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    before, old = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(FileProblem, match="磁盘已满"):
            write(project, Request("zone", None, "A3"), target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)

    assert target.read_bytes() == b"old"
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_of_the_target_s_name_is_said(project: Project, tmp_path: Path) -> None:
    """Before anything is drawn."""
    (tmp_path / "a.pdf").mkdir()

    with pytest.raises(FileProblem, match="文件夹"):
        write(project, Request("zone", None, "A4"), tmp_path / "a.pdf", Progress(lambda *_: pytest.fail("drawn all the same")))
