"""`kiosk tour`, which also prints what is wrong with each screen that it takes a picture of."""

import sys

from kiosk_app.app import client_cli
from kiosk_app.app.tour_person import Person
from tests.helpers.looking import faults

WRONG = "wrong: "
"""A line that begins so names a screen and what is wrong with it."""


def watch() -> None:
    """Look for faults wherever the tour looks."""
    look = Person.look

    def watched(person, name):
        picture = look(person, name)
        for fault in faults(person.window):
            sys.stdout.write(f"{WRONG}{name}: {fault}\n")
        return picture

    Person.look = watched


if __name__ == "__main__":
    watch()
    sys.exit(client_cli.main(["tour", *sys.argv[1:]]))
