"""Make the bundled Arabic font from Noto Sans Arabic: the same letters on lines as low as Inter's.

The original asks for lines of more than two letters' height, room for every mark of every language
it writes; between them the other words of a screen would fall apart. Its licence (OFL 1.1, no
reserved name) allows the change, which is told in the font's version. Needs fonttools:

    python packaging/arabic_font.py ORIGINAL.ttf kiosk_app/resources/fonts/arabic/NAME.ttf
"""

import sys

from fontTools.ttLib import TTFont

ASCENT, DESCENT = 0.98, 0.47
"""Of a letter's height; the tallest alef and the lowest yeh of Arabic fit."""
_VERSION = 5
"""The name of a font that tells its version."""


def main(original: str, made: str) -> None:
    """Write the font with other line metrics."""
    font = TTFont(original, recalcTimestamp=False)
    unit = font["head"].unitsPerEm
    up, down = round(ASCENT * unit), round(DESCENT * unit)
    lines, other = font["hhea"], font["OS/2"]
    lines.ascent, lines.descent, lines.lineGap = up, -down, 0
    other.sTypoAscender, other.sTypoDescender, other.sTypoLineGap = up, -down, 0
    other.usWinAscent, other.usWinDescent = up, down
    for name in font["name"].names:
        if name.nameID == _VERSION:
            name.string = f"{name.toUnicode()}; lines of {ASCENT} and {DESCENT}"
    font.save(made)


if __name__ == "__main__":
    main(*sys.argv[1:3])
