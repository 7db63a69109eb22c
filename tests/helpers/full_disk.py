"""Book on a disk that is really full; run where FOLDER is a small file system of its own.

With `started` as second argument the program starts when the disk is full already. Prints the states:
whether the booking went through, whether the next one was refused, how many requests there are and
whether the journal is sound.
"""

import json
import sys
from pathlib import Path

from kiosk_app.cache import journal
from kiosk_app.cache.faults import CacheUnavailable, Reason
from tests.helpers.files import opened
from tests.helpers.samples import NOW, new_request


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 512, 1):
            while True:
                try:
                    if not file.write(b"x" * size):
                        break
                except OSError:
                    break


def main() -> None:
    folder = Path(sys.argv[1])
    files = opened(folder)
    queue = files.queue
    queue.keep_reserve()
    kept = (folder / "queue.reserve").exists()
    refused, saved, body = None, 0, "x" * 30_000
    if started := sys.argv[2:] == ["started"]:
        files.close()
    fill(folder / "filler")
    if started:
        files = opened(folder)
        queue = files.queue
        queue.keep_reserve()
    while refused is None:
        try:
            queue.save(new_request(body=body), NOW)
            saved += 1
            spent = not (folder / "queue.reserve").exists()
        except CacheUnavailable as problem:
            refused = problem.reason
    report = {
        "kept": kept,
        "saved": saved,
        "spent": spent,
        "full": refused is Reason.FULL,
        "known": len(queue.all()),
        "sound": journal.first_broken(queue.journal()) is None,
    }
    (folder / "filler").unlink()
    queue.save(new_request(), NOW)
    queue.keep_reserve()
    report["healed"] = (folder / "queue.reserve").exists()
    files.close()
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
