"""The mail settings of a command line and their names in the environment."""

from argparse import ArgumentParser
from pathlib import Path

SMTP_VARIABLE = "KIOSK_SMTP_URL"
CRM_MAIL_VARIABLE = "KIOSK_CRM_MAIL_URL"
"""The CRM's mail service; it has no flag, because it never goes without a password."""
SENDER_VARIABLE = "KIOSK_MAIL_FROM"
FOLDER_VARIABLE = "KIOSK_MAIL_DIR"


def add_mail(parser: ArgumentParser) -> None:
    """Add the mail settings to a command."""
    group = parser.add_argument_group("mail")
    group.add_argument(
        "--smtp-url",
        metavar="URL",
        help="smtp://, smtp+starttls:// or smtps://host:port; without one mails are written "
        f"to files (or set {SMTP_VARIABLE}, the only place for a password)",
    )
    group.add_argument(
        "--mail-from", metavar="ADDRESS", help=f"who mails come from (or set {SENDER_VARIABLE})"
    )
    group.add_argument(
        "--mail-dir",
        type=Path,
        metavar="DIR",
        help=f"where mails go as files (or set {FOLDER_VARIABLE}; default: beside the data)",
    )
