"""What the client logs: lines on standard error, for whoever started it."""

import logging
import sys


def log_to_stderr(*, verbose: bool) -> None:
    """Write warnings, or everything, to standard error from now on."""
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
