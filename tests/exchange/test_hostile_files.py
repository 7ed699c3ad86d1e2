"""Files made to harm, or that came broken: refused with a sentence within 5 s and 500 MB; nothing is fetched, nothing written outside the project."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.build import ROOT
from tests.exchange.made import SQUARES, gpkg, layer_file, shapefile

SECONDS, MEGABYTES = 5, 500
_NAMES = ["一号网格", "二号网格", "三号网格", "四号网格"]
_RUN = """
import io, json, os, resource, shutil, sys, time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from chuangwen.cli import main
from chuangwen.domain.campaign import Campaign
import fiona
from chuangwen.exchange.gdal import pyogrio
from chuangwen.services.project import Project
from chuangwen.settings import Settings
pyogrio()
folder = Path(sys.argv[1])
Project.create(folder / "base.gpkg", Campaign(title="x"), 0, "x").close()
for path in sys.argv[2:]:
    start = time.monotonic()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        said = io.StringIO()
        home = folder / "home"
        home.mkdir()
        shutil.copyfile(folder / "base.gpkg", home / "p.gpkg")
        before = (home / "p.gpkg").read_bytes()
        with redirect_stderr(said), redirect_stdout(io.StringIO()):
            status = main(["import", str(home / "p.gpkg"), path, "--layer", "reference"], Settings())
        same = before == (home / "p.gpkg").read_bytes() and len(list(home.iterdir())) == 1
        (folder / "said").write_text(json.dumps([status, said.getvalue(), same]), encoding="utf-8")
        os._exit(0)
    _pid, code, usage = os.wait4(child, 0)
    shutil.rmtree(folder / "home")
    status, said, same = json.loads((folder / "said").read_text(encoding="utf-8")) if code == 0 else [f"died {code}", "", False]
    (folder / "said").unlink(missing_ok=True)
    worked = usage.ru_utime + usage.ru_stime
    print(json.dumps([path, status, said, same, worked, time.monotonic() - start, usage.ru_maxrss / 1024]), flush=True)
"""


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def zip_bytes(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def sparse(path: Path, head: bytes = b"", size: int = 10 << 30) -> Path:
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return path


def locked_zip(path: Path) -> Path:
    """The flag of encryption set in both headers."""
    content = bytearray(zip_bytes({"a.geojson": b"{}"}))
    content[6] |= 1
    content[content.find(b"PK\x01\x02") + 8] |= 1
    return written(path, bytes(content))


def lying_zip(path: Path) -> Path:
    """A directory that says one byte of what unpacks to 60 MB."""
    content = bytearray(zip_bytes({"a.geojson": bytes(60 << 20)}))
    for start, at in ((0, 22), (content.find(b"PK\x01\x02"), 24)):
        content[start + at : start + at + 4] = struct.pack("<I", 1)
    return written(path, bytes(content))


def nested_bomb(path: Path) -> Path:
    """Each archive alone may pass; together they are 4 GB."""
    inner = zip_bytes({f"{number}.dat": bytes(45 << 20) for number in range(1)})
    return written(path, zip_bytes({f"{number}.zip": inner for number in range(90)}))


def deep_zip(path: Path) -> Path:
    content = zip_bytes({"a.geojson": b"{}"})
    for _level in range(12):
        content = zip_bytes({"a.zip": content})
    return written(path, content)


def laughs(path: Path) -> Path:
    entities = "".join(f'<!ENTITY {chr(98 + at)} "{(chr(38) + chr(97 + at) + ";") * 10}">' for at in range(9))
    return written(path, f'<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "{"x" * 1000}">{entities}]><kml><Document><name>&j;</name></Document></kml>'.encode())


def two_billion_shapes(path: Path) -> Path:
    """An index that lists them, as large as it must be and hollow."""
    shapefile(path, {"名称": _NAMES})
    sparse(path.with_suffix(".shx"), path.with_suffix(".shx").read_bytes(), 100 + 8 * (1 << 31))
    return path


def greedy_point_count(path: Path) -> Path:
    """Every record says that it has two billion points."""
    shapefile(path, {"名称": _NAMES})
    content = bytearray(path.read_bytes())
    at = 100
    while at < len(content):
        length = 2 * struct.unpack(">i", content[at + 4 : at + 8])[0]
        content[at + 48 : at + 52] = struct.pack("<I", 2_000_000_000)
        at += 8 + length
    return written(path, bytes(content))


def views_only(path: Path) -> Path:
    """The only layer is a view that never ends."""
    gpkg(path, {"网格": SQUARES})
    connection = sqlite3.connect(path)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n"
    connection.executescript(
        f"CREATE VIEW v AS {endless}; UPDATE gpkg_contents SET table_name = 'v'; UPDATE gpkg_geometry_columns SET table_name = 'v'; DROP TABLE '网格'"
    )
    connection.close()
    return path


REFUSED: dict[str, Callable[[Path], Path]] = {
    "zeros.zip": lambda path: written(path, zip_bytes({"a.dat": bytes(200 << 20)})),
    "nested.zip": nested_bomb,
    "deep.zip": deep_zip,
    "crowd.zip": lambda path: written(path, zip_bytes({f"{number}.txt": b"" for number in range(25_000)})),
    "lying.zip": lying_zip,
    "locked.zip": locked_zip,
    "cut.zip": lambda path: written(path, zip_bytes({"a.geojson": b"{}" * 1000})[:-40]),
    "climbing.zip": lambda path: written(path, zip_bytes({"../../evil.shp": b"x"})),
    "windows.zip": lambda path: written(path, zip_bytes({"..\\..\\evil.shp": b"x"})),
    "drive.zip": lambda path: written(path, zip_bytes({"C:/evil.shp": b"x"})),
    "really_rar.zip": lambda path: written(path, b"Rar!\x1a\x07\x01\x00" + bytes(100)),
    "photos.rar": lambda path: written(path, b"Rar!\x1a\x07\x01\x00" + bytes(100)),
    "data.7z": lambda path: written(path, b"7z\xbc\xaf\x27\x1c" + bytes(100)),
    "plan.dwg": lambda path: written(path, b"AC1032" + bytes(100)),
    "really_dwg.dxf": lambda path: written(path, b"AC1032" + bytes(100)),
    "binary.dxf": lambda path: written(path, b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(100)),
    "laughs.kml": laughs,
    "entity.kml": lambda path: written(
        path, b'<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Placemark><name>&x;</name></Placemark></kml>'
    ),
    "laughs.kmz": lambda path: written(path, zip_bytes({"doc.kml": laughs(path.with_suffix(".kml")).read_bytes()})),
    "login.shp": lambda path: written(path, b"<!DOCTYPE html><html><body>\xe7\x99\xbb\xe5\xbd\x95</body></html>"),
    "pointer.shp": lambda path: written(path, b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"),
    "pointer.gpkg": lambda path: written(path, b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"),
    "hollow.shp": lambda path: sparse(path, b"\x00\x00\x27\x0a"),
    "hollow.gpkg": lambda path: sparse(path, b"SQLite format 3\x00"),
    "hollow.fgb": lambda path: sparse(path, b"fgb\x03fgb\x00"),
    "hollow.geojson": lambda path: sparse(path, b"{"),
    "hollow.kml": lambda path: sparse(path, b"<kml>"),
    "hollow.dxf": sparse,
    "hollow.zip": lambda path: sparse(path, b"PK\x03\x04"),
    "hollow.csv": lambda path: sparse(path, b"a,b\n"),
    "hollow.xlsx": lambda path: sparse(path, b"PK\x03\x04"),
    "hollow.jpg": lambda path: sparse(path, b"\xff\xd8\xff"),
    "hollow_small.geojson": lambda path: sparse(path, b"{", 300 << 20),
    "nested.json": lambda path: written(path, b"[" * 2_000_000),
    "other_file.geojson": lambda path: written(
        path,
        f'<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>{gpkg(path.with_suffix(".gpkg"), {"网格": SQUARES})}</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>".encode(),
    ),
    "pipeline.json": lambda path: written(
        path,
        json.dumps(
            {
                "type": "gdal_streamed_alg",
                "command_line": f"gdal vector pipeline ! read {gpkg(path.with_suffix('.gpkg'), {'网格': SQUARES})} "
                "! write --output-format=stream streamed_dataset",
            }
        ).encode(),
    ),
    "endless_view.gpkg": views_only,
}
"""Name → what makes the file."""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """Every file in a process of its own: path, status, words, whether the project is untouched, seconds of processor and of the clock, megabytes."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [str(make(folder / name)) for name, make in REFUSED.items()]
    work = tmp_path_factory.mktemp("work")
    done = subprocess.run([sys.executable, "-c", _RUN, str(work), *paths], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=240, check=True)
    return {Path(one[0]).name: one for one in map(json.loads, done.stdout.splitlines())}


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="measured by fork")
@pytest.mark.parametrize("name", list(REFUSED))
def test_it_is_refused_soon_and_in_words(answers: dict[str, list[Any]], name: str) -> None:
    """Exit status 2, a sentence that names the file and one that says what to do."""
    _path, status, said, same, worked, passed, megabytes = answers[name]

    assert status == 2, said
    assert name in said
    assert said.count("。") >= 2
    assert "Traceback" not in said
    assert same
    assert worked <= SECONDS
    assert passed <= 4 * SECONDS, "waits for something; other tests have the processor, too"
    assert megabytes <= MEGABYTES


def test_a_climbing_member_leaves_nothing_outside(answers: dict[str, list[Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nor does any other."""
    assert answers
    assert not list(tmp_path_factory.getbasetemp().rglob("evil.shp"))


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes who asks."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"EPSG:4326")

        do_HEAD = do_GET

        def log_message(self, *_words: object) -> None:
            pass

    one = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=one.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{one.server_port}", asked
    one.shutdown()


def test_nothing_is_fetched(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    """A CRS by link, a NetworkLink, a DTD, an overlay: the rest of the file is read, the address is not asked."""
    from chuangwen.exchange.vector_files import read_vector

    address, asked = server
    point = {"type": "Feature", "properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [116.3, 40]}}
    for number, crs in enumerate(
        [
            {"type": "link", "properties": {"href": f"{address}/crs", "type": "proj4"}},
            {"type": "url", "properties": {"url": f"{address}/crs"}},
            {"type": "name", "properties": {"name": f"{address}/crs"}},
        ]
    ):
        path = written(tmp_path / f"{number}.geojson", json.dumps({"type": "FeatureCollection", "crs": crs, "features": [point]}).encode())
        assert 1 == len(read_vector(path))
    placemark = "<Placemark><name>a</name><Point><coordinates>116,40</coordinates></Point></Placemark>"
    link = f"<NetworkLink><Link><href>{address}/more.kml</href></Link></NetworkLink><GroundOverlay><Icon><href>{address}/a.png</href></Icon></GroundOverlay>"
    kml = f'<?xml version="1.0"?><!DOCTYPE kml SYSTEM "{address}/kml.dtd"><kml><Document>{link}{placemark}</Document></kml>'
    incoming = read_vector(written(tmp_path / "a.kml", kml.encode()))

    assert 1 == len(incoming)
    assert any("NetworkLink" in warning for warning in incoming.warnings)
    assert asked == []


def test_only_the_named_drivers_are_there() -> None:
    """In a process of its own: other tests import pyogrio before us. A new GDAL that brings another driver fails here."""
    code = "from chuangwen.exchange.gdal import WRITTEN, pyogrio; print(sorted(set(pyogrio().list_drivers()) - set(WRITTEN)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert "[]" == done.stdout.strip()
    assert "" == done.stderr


def test_a_header_that_claims_two_billion_records_does_not_make_room_for_them(tmp_path: Path) -> None:
    """What is there is read, the rest is said once."""
    from chuangwen.exchange.vector_files import read_vector

    path = layer_file(tmp_path / "x.fgb", "FlatGeobuf", SQUARES, SPATIAL_INDEX="NO")
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<Q", 4), struct.pack("<Q", 2_000_000_000), 1))
    incoming = read_vector(path)

    assert 4 == len(incoming)
    assert 1 == len(incoming.rejected)

    table = shapefile(tmp_path / "y.shp", {"名称": _NAMES}).with_suffix(".dbf")
    with table.open("r+b") as file:
        file.seek(4)
        file.write(struct.pack("<I", 2_000_000_000))
    incoming = read_vector(table.with_suffix(".shp"))

    assert _NAMES == incoming.columns[0].values
    assert any("2000000000" in warning for warning in incoming.warnings)


def test_an_index_of_two_billion_shapes_is_made_anew(tmp_path: Path) -> None:
    """16 GB of zeros beside four areas."""
    from chuangwen.exchange.vector_files import read_vector

    incoming = read_vector(two_billion_shapes(tmp_path / "x.shp"))

    assert _NAMES == incoming.columns[0].values
    assert any(".shx" in warning for warning in incoming.warnings)


def test_records_that_claim_two_billion_points_are_named(tmp_path: Path) -> None:
    """None of them can be read, and no room is made."""
    from chuangwen.exchange.vector_files import read_vector

    incoming = read_vector(greedy_point_count(tmp_path / "x.shp"))

    assert [1, 2, 3, 4] == [row for row, _why in incoming.rejected]


def test_a_geopackage_that_lies_about_its_count_is_read(tmp_path: Path) -> None:
    """gpkg_ogr_contents says two billion."""
    from chuangwen.exchange.vector_files import read_vector

    path = gpkg(tmp_path / "x.gpkg", {"网格": SQUARES})
    connection = sqlite3.connect(path)
    connection.execute("UPDATE gpkg_ogr_contents SET feature_count = 2000000000")
    connection.commit()
    connection.close()

    assert 4 == len(read_vector(path))
