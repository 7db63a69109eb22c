"""The one exception a command ends with: a code for scripts, a sentence for people."""


class CommandFailed(Exception):  # noqa: N818 - a result, not an error of ours
    """The command did not do what was asked; exit status 1."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.sentence = code, sentence


def failed_by(fault: str) -> CommandFailed:
    """Return what a command says that a fault of this machine has stopped."""
    from kiosk_app.i18n.faults import fault_sentence

    return CommandFailed(fault.upper(), fault_sentence(fault))
