"""Where the files lie that are installed with the package; they are always real files."""

from pathlib import Path

_HERE = Path(__file__).parent


def bundled(*parts: str) -> Path:
    """Return the path of an installed file, such as `bundled("resources", "kiosk.qss")`.

    `importlib.resources` can do more and costs a first frame six imports.
    """
    return _HERE.joinpath(*parts)
