"""The sentences that travel in a success envelope, in the language of the request."""

from kiosk_app.i18n.problems import N_
from kiosk_app.i18n.texts import Language, catalogue

SESSIONS_READ = N_("Sessions fetched successfully.")
CREDITS_READ = N_("Tokens checked.")
BOOKED = N_("Booking created.")
BOOKED_BEFORE = N_("This booking exists already.")
CONFIRMATION = N_("Your {type} on {date} is booked.")
BOOKING_READ = N_("Booking fetched successfully.")
BOOKINGS_READ = N_("Bookings fetched successfully.")
CANCELLED = N_("Booking cancelled.")
CANCELLED_BEFORE = N_("This booking was cancelled before.")
CANCELLED_LATE = N_("Booking cancelled. It was too late for the token to be returned.")
MOVED = N_("Booking moved.")
MOVED_BEFORE = N_("This booking was moved before.")
NOT_NOTED = N_("The booking stands, but the note about it could not be written.")
NOT_TOLD = N_("The booking stands, but lists may show the old number of seats for up to 5 minutes.")
BATCH_CANCELLED = N_("Cancelled: {cancelled}. Left as they were: {failed}.")
WAITING = N_("You are on the waitlist.")
WAITING_ENDED = N_("You are no longer on the waitlist.")
WAITS_READ = N_("Waitlist fetched successfully.")
OFFER_DECLINED = N_("The seat goes to the next in line.")
REFUNDED = N_("Token returned.")
ATTENDANCE_NOTED = N_("Attendance noted.")
ANNOUNCED = N_("The mails are on their way.")
ANNOUNCEMENT_SHOWN = N_("Nothing was sent.")
JOB_RAN = N_("The job has run.")
NO_TOKENS = N_("You have 0 tokens for {type}. At least 1 token is needed.")


def say(language: Language, message: str, **values: str) -> str:
    """Return a sentence in a language, with its values filled in."""
    text = catalogue(language).gettext(message)
    return text.format(**values) if values else text
