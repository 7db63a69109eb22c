"""`kiosk-backend serve` with room for everybody: a run asks more in a minute than a campus in an hour."""

import sys

from msgspec import structs

from kiosk_app.app import backend_serving
from kiosk_app.app.backend_cli import main
from tests.helpers.backend import ROOMY

parts_for = backend_serving.parts_for


def roomy(url, schema):
    return structs.replace(parts_for(url, schema), limits=ROOMY)


backend_serving.parts_for = roomy
sys.exit(main(["serve", *sys.argv[1:]]))
