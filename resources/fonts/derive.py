"""Derive the two faces of the program from Noto Sans SC, so that text in our PDFs can be searched (docs/decisions/0011).

usage: python resources/fonts/derive.py PACKAGE_FOLDER      (the unpacked npm package @expo-google-fonts/noto-sans-sc, 0.4.3)

Qt takes a PDF's character map from the font's own. In the untouched font digits go through GSUB to glyphs without a code point, and 网 见 长 门 …
share their glyphs with the CJK radicals U+2E80–2FDF and come out of the PDF as those: searching 网格 finds nothing. So GSUB goes, and so do the radicals.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
FAMILY = "Chuangwen Sans"
FACES = {"Regular": "400Regular/NotoSansSC_400Regular.ttf", "Bold": "700Bold/NotoSansSC_700Bold.ttf"}
RADICALS = range(0x2E80, 0x2FE0)
BESIDE_GBK = [(0x20, 0x17F), (0x2000, 0x206F), (0x2100, 0x214F), (0x2150, 0x218F), (0x2190, 0x21FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x2612)]
BESIDE_GBK += [(0x2713, 0x2718), (0x3000, 0x303F), (0xFF00, 0xFFEF), (0x9FA6, 0x9FEF)]
RARE_NAMES = "䶮㛃䲟㭎㑇㳘𬭩𬬻𬍛𫍽𫖮"


def wanted() -> set[int]:
    """All of GBK, and the signs that maps and forms use."""
    points = {ord(char) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF) for char in bytes([high, low]).decode("gbk", "ignore")}
    for first, last in BESIDE_GBK:
        points.update(range(first, last + 1))
    return (points | set(map(ord, RARE_NAMES))) - set(RADICALS)


def derive(source: Path, style: str) -> Path:
    """Write the face `style` beside this file."""
    font = TTFont(source)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "STAT", "VORG", "BASE"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.recalc_timestamp = False
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted())
    cutter.subset(font)
    for table in font["cmap"].tables:
        for point in RADICALS:
            table.cmap.pop(point, None)
    names = font["name"]
    words = {1: FAMILY, 2: style, 3: f"1.0;{FAMILY} {style}", 4: f"{FAMILY} {style}", 6: f"ChuangwenSans-{style}", 16: FAMILY, 17: style}
    for record in list(names.names):
        if record.nameID in words or record.nameID in (18, 21, 22, 25):
            names.removeNames(nameID=record.nameID)
    for name_id, text in words.items():
        names.setName(text, name_id, 3, 1, 0x409)
        names.setName(text, name_id, 1, 0, 0)
    target = HERE / f"ChuangwenSans-{style}.ttf"
    font.save(target)
    return target


def main() -> None:
    package = Path(sys.argv[1])
    for style, path in FACES.items():
        target = derive(package / path, style)
        print(target.name, f"{target.stat().st_size / 1e6:.1f} MB")
    (HERE / "OFL.txt").write_bytes((package / "LICENSE_FONT").read_bytes())


if __name__ == "__main__":
    main()
