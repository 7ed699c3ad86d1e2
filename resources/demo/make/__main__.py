"""Make the demo district's files: `.venv/bin/python resources/demo/make [--out FOLDER]`."""

from __future__ import annotations

import argparse
from collections.abc import Sized
from pathlib import Path

import adoption_lists
import lists
import photos
import roster_lists
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
    lists.write_orders(folder / "文书登记簿.xlsx", office)
    lists.write_receipts(folder / "文书签收登记表.xlsx", office)
    found = adoption_lists.make_adoption(town, office.register, office.people)
    adoption_lists.write_homes(folder, found, office.people)
    adoption_lists.write_buildings(folder, found)
    adoption_lists.write_crossings(folder, found)
    adoption_lists.write_worksites(folder, found, office.people)
    adoption_lists.write_shops(folder, found, office.people)
    adoption_lists.write_territories(folder, found, office.people, office.section_records)
    roster_lists.write_crossing_posts(folder / "路口执勤排班表.xlsx", found, office, office.people)
    roster_lists.write_zone_posts(folder / "网格值守和路段巡查排班表.xlsx", office, office.people)
    roster_lists.write_visits(folder / "点位巡查记录表.xlsx", office)
    roster_lists.write_supervision(folder / "联合督查组督查记录.xlsx", office)
    roster_lists.write_sightings(folder / "测评组动态.xlsx", office, office.people)
    photos.write_photos(folder / "照片", office.issues)
    counts: dict[str, Sized] = {"sites": office.sites, "issues": office.issues, "units": office.register.units, "zones": town.zones, "sections": town.sections}
    print(", ".join(f"{len(things)} {name}" for name, things in counts.items()), "→", folder)


if __name__ == "__main__":
    main()
