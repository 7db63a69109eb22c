"""The `kiosk` command: the window, or one of the commands that need none."""

import os
import sys
from collections.abc import Sequence
from typing import Any

from kiosk_app.app.failure import CommandFailed
from kiosk_app.app.opening import read_opening


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 refused or failed, 2 wrong use."""
    arguments = _read(sys.argv[1:] if argv is None else argv)
    try:
        return int(arguments.run(arguments))
    except CommandFailed as reason:
        from kiosk_app.app.commands.output import fail

        return fail(arguments, reason)
    except BrokenPipeError:
        # Whoever read our output has enough of it; keep Python from complaining at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _read(words: Sequence[str]) -> Any:  # noqa: ANN401 - what argparse makes, or an Opening
    """Read the command line; a window that opens waits for no parser, and logs once it stands."""
    opening = read_opening(words)
    if opening is not None:
        return opening
    from kiosk_app.app.client_log import log_to_stderr
    from kiosk_app.app.client_parser import parser

    arguments = parser().parse_args(words)
    log_to_stderr(verbose=arguments.verbose)
    return arguments
