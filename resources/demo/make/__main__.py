"""Make the demo district's files: `.venv/bin/python resources/demo/make [--out FOLDER]`."""

from __future__ import annotations

import argparse
from collections.abc import Sized
from pathlib import Path

import lists
import vector_files
from town import make_town


def main() -> None:
    """Make everything, in one go."""
    parser = argparse.ArgumentParser(description="Make the files of the invented demo district.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent.parent / "files", help="folder to write to")
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    town = make_town()
    office = lists.make_office(town)
    vector_files.base_layers(town, folder)
    vector_files.streets(folder / "街道界.shp", town)
    vector_files.zones(folder / "示范区_网格边界.shp", office.zone_records, town)
    vector_files.sections(folder / "路长制责任路段.shp", office.section_records, town)
    lists.write_units(folder / "单位通讯录.xlsx", office)
    lists.write_sites(folder / "点位责任分工表.xlsx", office)
    lists.write_issues(folder / "问题明细表.xlsx", office)
    counts: dict[str, Sized] = {"sites": office.sites, "issues": office.issues, "units": office.register.units, "zones": town.zones, "sections": town.sections}
    print(", ".join(f"{len(things)} {name}" for name, things in counts.items()), "→", folder)


if __name__ == "__main__":
    main()
