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
MAIL_QUEUED = N_("The confirmation is on its way to {address}.")
MAIL_UNDER_WAY = N_("A confirmation is already on its way to {address}, so no second one is sent.")
ANNOUNCED = N_("The mails are on their way.")
ANNOUNCEMENT_SHOWN = N_("Nothing was sent.")
SESSION_READ = N_("Session fetched successfully.")
SESSION_ADDED = N_("Session added.")
SESSION_CHANGED = N_("Session changed.")
SESSION_CALLED_OFF = N_("The session is called off.")
SERIES_READ = N_("Series fetched successfully.")
SERIES_ADDED = N_("Sessions added: {added}. Dates left out: {left}.")
SERIES_CHANGED = N_("Sessions changed: {done}. Left as they were: {kept}.")
SERIES_CALLED_OFF = N_("Sessions called off: {done}. Left as they were: {kept}.")
CLOSURES_READ = N_("Closed days fetched successfully.")
PLACE_CLOSED = N_("Closed. Sessions that stand there on these days: {hits}.")
CLOSURE_REMOVED = N_("The closure is removed.")
CLOSURE_GONE = N_("There is no such closure any more.")
PREVIEW = N_("This is what would happen. Nothing was changed.")
ASSIGNED = N_("The session is assigned.")
ASSIGNED_TO_NOBODY = N_("The session is assigned to nobody.")
JOB_RAN = N_("The job has run.")
NO_TOKENS = N_("You have 0 tokens for {type}. At least 1 token is needed.")


def say(language: Language, message: str, **values: str) -> str:
    """Return a sentence in a language, with its values filled in."""
    text = catalogue(language).gettext(message)
    return text.format(**values) if values else text
