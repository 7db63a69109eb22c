"""What a disk can do to a kiosk with somebody in front of it: a sentence, and nothing lost."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from kiosk_app.cache.faults import CacheUnavailable, Reason
from kiosk_app.cache.files import MIRROR, QUEUE
from kiosk_app.cache.queue import Queue
from kiosk_app.desktop.window import FAULT
from kiosk_app.domain.listing import Standing
from tests.helpers.samples import NOW, new_request

NOBODY = 65534


def test_a_full_disk_books_nothing_says_so_and_heals(booth, session, student):
    booth.sign_in(student)
    pages = fill_up(booth.station.queue)
    sheet = booth.open_sheet(session)
    booth.person.type_into(sheet.form.topic.area.edit, "ethics")
    booth.confirm(sheet)
    booth.person.wait(sheet.summary.isVisible, "a sentence in the sheet")
    assert "could not save your request. Nothing was booked." in sheet.summary.text()
    booth.wait_banner("This kiosk has no storage left.")
    assert student.held() == (0, 0)
    assert sheet.form.topic.text() == "ethics"
    make_room(booth.station.queue, pages)
    booth.confirm(sheet)
    booth.wait_standing(session, Standing.CONFIRMED)
    banner = booth.window.frame.banner
    booth.person.wait(lambda: "no storage" not in banner.text, "the banner to go")
    assert student.held() == (1, 1)


def fill_up(queue: Queue) -> int:
    """Leave not a row of room in the queue, as a full disk does; return its pages before."""
    connection = queue._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(CacheUnavailable) as caught:
        fill_for_ever(queue)
    assert caught.value.reason is Reason.FULL
    for waiting in queue.waiting():
        connection.execute("UPDATE requests SET state = 'discarded' WHERE id = ?", (waiting.id,))
    return pages


def fill_for_ever(queue: Queue) -> None:
    while True:  # what fills it is settled, so that nothing of it is ever sent
        queue.discard(queue.save(new_request(student_ref="OTHER"), NOW), NOW, None)


def make_room(queue: Queue, pages: int) -> None:
    queue._connection.execute(f"PRAGMA max_page_count = {pages + 10_000}")


def test_a_damaged_mirror_is_filled_again_and_nobody_notices(open_booth, profile, session, student):
    open_booth(profile).arrive().close()
    (profile / MIRROR).write_bytes(b"\0" * 50_000)
    booth = open_booth(profile).arrive()
    assert booth.window.frame.banner.isHidden()
    booth.sign_in(student)
    booth.book(session)
    assert student.held() == (1, 1)


def test_a_damaged_queue_is_put_aside_with_a_banner_and_booking_goes_on(
    open_booth, profile, session, student
):
    open_booth(profile).arrive().close()
    assert sorted(p.name for p in profile.glob("*.db*")) == [MIRROR, QUEUE]
    path = profile / QUEUE
    damaged = b"x" * path.stat().st_size
    path.write_bytes(damaged)
    booth = open_booth(profile).arrive()
    booth.wait_banner("Saved requests on this kiosk are damaged.")
    (aside,) = profile.glob(f"{QUEUE}.damaged-*Z")
    assert aside.read_bytes() == damaged
    booth.sign_in(student)
    booth.book(session)
    assert student.held() == (1, 1)


@pytest.fixture(params=["never used", "used before"])
def read_only(request, enrolled, open_booth, student):
    """A profile in a folder that can only be read; as root, by an account that is not root."""
    place = Path(tempfile.mkdtemp(prefix="kiosk-read-only-"))
    place.chmod(0o755)
    profile = place / "profile"
    shutil.copytree(enrolled, profile)
    if request.param == "used before":
        open_booth(profile).arrive().close()
    root = os.geteuid() == 0
    if root:
        for path in (profile, *profile.iterdir()):
            os.chown(path, NOBODY, NOBODY)
    profile.chmod(0o555)
    if root:
        os.setresuid(NOBODY, NOBODY, 0)
    yield profile
    if root:
        os.setresuid(0, 0, 0)
    profile.chmod(0o755)
    shutil.rmtree(place)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders are read-only otherwise here")
def test_a_read_only_profile_says_so_and_lets_nobody_believe_they_booked(
    read_only, open_booth, student
):
    booth = open_booth(read_only)
    window = booth.window
    booth.person.wait(lambda: window.frame.page == FAULT, "the page of the fault")
    assert (window.fault.number.text(), window.fault.heading.text()) == (
        "K-DSK-2",
        "This kiosk cannot save anything.",
    )
    assert "Its storage can only be read. Tell the front desk." in window.fault.text.text()
    assert not window.wake()
    assert booth.visit.student is None
    assert booth.close()
