"""What processes weigh: their proportional set, as if nobody else ran on the machine, as on a kiosk.

Of a page that several processes have, each counts its equal part. Whatever else runs takes off what it
has in common with the weighed ones: the measuring Python the interpreter, another window all of Qt. It
takes the same off both sides of a ratio, and so shifts it. Here each file's pages are shared out
among the weighed processes alone: one process counts all it has, and of several none counts a page twice.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

File = tuple[str, str, str]
"""Device, inode and offset of what lies behind a part of memory."""


class Part(Struct):
    """A part of a process's memory, in kilobytes; `file` is None where no file lies behind it."""

    file: File | None
    private: int = 0
    shared: int = 0
    proportional: int = 0

    def among(self, weighed: int, others: int) -> float:
        """Return its proportional set if the others who have the file open in memory did not.

        What is shared counts as `shared / n`; so many of the `n` are taken to be others as of all who
        have the file.
        """
        rest = self.proportional - self.private
        if not others or rest <= 0:  # what is less than a kilobyte the system rounds away
            return float(self.proportional)
        return self.private + min(self.shared, rest * (weighed + others) / weighed)


def proportional_kb(pids: Collection[int]) -> float:
    """Return the proportional set size of some processes together."""
    weighed = {pid: list(_parts(pid)) for pid in pids}
    ours = Counter(file for parts in weighed.values() for file in {part.file for part in parts})
    others = Counter(
        file
        for entry in Path("/proc").iterdir()
        if entry.name.isdecimal() and int(entry.name) not in weighed
        for file in _files(entry)
    )
    return sum(
        part.among(ours[part.file], others[part.file] if part.file else 0)
        for parts in weighed.values()
        for part in parts
    )


def _parts(pid: int) -> Iterator[Part]:
    found: Part | None = None
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        name, *words = line.split()
        if name.endswith(":"):
            assert found is not None
            _count(found, name, words[0])
            continue
        if found is not None:
            yield found
        found = Part(_file(words))
    if found is not None:
        yield found


def _count(part: Part, name: str, size: str) -> None:
    match name:
        case "Pss:":
            part.proportional = int(size)
        case "Private_Clean:" | "Private_Dirty:":
            part.private += int(size)
        case "Shared_Clean:" | "Shared_Dirty:":
            part.shared += int(size)


def _files(process: Path) -> set[File]:
    """Return what a process has in memory; nothing of one that ended, or may not be looked into."""
    with suppress(OSError):
        lines = (process / "maps").read_text().splitlines()
        return {file for line in lines if (file := _file(line.split()[1:]))}
    return set()


def _file(words: list[str]) -> File | None:
    _rights, offset, device, inode, *_path = words
    return None if inode == "0" else (device, inode, offset)
