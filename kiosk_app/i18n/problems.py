"""A sentence for every error code, in words a student or a clerk understands (A89).

The sentence says what happened, what it means for the seat and the token, and what to do next;
it names no code and blames nobody.
"""

from kiosk_app.contract.problems import Code
from kiosk_app.i18n import texts
from kiosk_app.i18n.texts import Language, _, ngettext


def N_(message: str) -> str:  # noqa: N802 - the conventional name of the extraction marker
    """Mark a text for extraction; it is translated where it is used."""
    return message


SENTENCES: dict[Code, str] = {
    Code.VALIDATION_ERROR: N_(
        "Something in the form is missing or not right. Check the marked fields."
    ),
    Code.NOT_FOUND: N_("We could not find that. It may have been moved or removed."),
    Code.METHOD_NOT_ALLOWED: N_(
        "The server does not offer this. Ask the front desk to update this kiosk."
    ),
    Code.PAYLOAD_TOO_LARGE: N_("That was too much text. Shorten it and try again."),
    Code.UNSUPPORTED_MEDIA_TYPE: N_(
        "The server did not understand this kiosk. Ask the front desk to update it."
    ),
    Code.RATE_LIMITED: N_("The service is busy. Nothing was booked. Try again in a moment."),
    Code.INTERNAL_ERROR: N_(
        "Something went wrong on the server. Nothing was charged. Try again, or ask the front desk."
    ),
    Code.SERVICE_DEGRADED: N_(
        "The service is not fully available right now. Try again in a few minutes."
    ),
    Code.UNAUTHORIZED: N_(
        "This kiosk is not signed in to the booking service. Ask the front desk to enrol it again."
    ),
    Code.TOKEN_EXPIRED: N_(
        "You have been signed out to keep your bookings private. Sign in again to go on."
    ),
    Code.STAFF_SIGNED_OUT: N_("You have been signed out. Sign in again to go on."),
    Code.SIGN_IN_REFUSED: N_(
        "You could not be signed in. Check e-mail and password, or ask an administrator."
    ),
    Code.WRONG_PASSWORD: N_("The old password is not right. Nothing was changed."),
    Code.INSUFFICIENT_PERMISSIONS: N_("You cannot do this here. Ask the front desk."),
    Code.ENROLMENT_REFUSED: N_(
        "This enrolment code is not valid any more. Ask an administrator for a new one."
    ),
    Code.NO_MATCH: N_("We could not find a match. Check both fields, or ask the front desk."),
    Code.TOO_MANY_ATTEMPTS: N_(
        "Too many tries with this student ID. Wait a few minutes, or ask the front desk."
    ),
    Code.STUDENT_NOT_FOUND: N_(
        "We could not find this student ID. Check it, or ask the front desk."
    ),
    Code.CONTACT_NOT_FOUND: N_("We could not find your student record. Ask the front desk."),
    Code.EMAIL_MISMATCH: N_(
        "The student ID and the e-mail do not belong together. Check both fields."
    ),
    Code.INSUFFICIENT_TOKENS: N_(
        "You have no token left for this kind of session. Get tokens at the front desk."
    ),
    Code.BALANCE_TOO_LOW: N_("The student does not have that many tokens. Nothing was changed."),
    Code.PROPERTY_NOT_FOUND: N_(
        "Token balances cannot be read right now. Ask the front desk for help."
    ),
    Code.INVALID_MOCK_TYPE: N_("This session is of another kind now. Go back and choose it again."),
    Code.SESSION_NOT_FOUND: N_(
        "This session does not exist any more. Your token was not used. Choose another one."
    ),
    Code.SESSION_CLOSED: N_(
        "This session no longer takes bookings. Your token was not used. Choose another one."
    ),
    Code.SESSION_MOVED: N_(
        "This session moved to another day. Your token was not used. Check the new date and book again."
    ),
    Code.DISCUSSION_FULL: N_(
        "This discussion just filled up. Your token was not used. Choose another one."
    ),
    Code.EXAM_FULL: N_("This session just filled up. Your token was not used. Choose another one."),
    Code.DUPLICATE_BOOKING: N_(
        "You already have a booking of this kind on this day. See My bookings."
    ),
    Code.OVERLAPPING_BOOKING: N_("This overlaps another booking of yours. See My bookings."),
    Code.DAILY_LIMIT: N_(
        "You already have as many bookings on this day as are allowed. Choose another day."
    ),
    Code.WEEKLY_LIMIT: N_(
        "You already have as many bookings in this week as are allowed. Choose another week."
    ),
    Code.NOTICE_TOO_SHORT: N_(
        "This session begins too soon to be booked here. Ask the front desk, or choose a later one."
    ),
    Code.TOO_FAR_AHEAD: N_("This session cannot be booked yet. Try again closer to the date."),
    Code.CUTOFF_PASSED: N_(
        "It is too late to cancel this booking yourself. Ask the front desk for help."
    ),
    Code.MOVE_CUTOFF_PASSED: N_(
        "It is too late to move this booking yourself. You keep your seat. Ask the front desk for help."
    ),
    Code.SAME_SESSION: N_("You are booked in this session already. Choose another one."),
    Code.OVERRIDE_REASON_REQUIRED: N_("Say why the rule is set aside. Nothing was changed."),
    Code.OVERRIDE_REQUIRED: N_(
        "Another token paid for this booking. Confirm that a different one is to be given back."
    ),
    Code.ALREADY_REFUNDED: N_("The token of this booking was given back before."),
    Code.CHECKIN_TOO_EARLY: N_("It is too early to check in. Come back closer to the start."),
    Code.CHECKIN_CLOSED: N_("This session is over; nobody can check in any more."),
    Code.NOT_CHECKED_IN: N_("Nobody is checked in with this booking."),
    Code.SEATS_LEFT: N_("This session has a free seat. Book it; there is no need to wait."),
    Code.WAITLIST_CLOSED: N_(
        "The waitlist has closed because the session begins soon. A seat that comes free now goes to whoever books first."
    ),
    Code.WAIT_NOT_FOUND: N_("You are not on this waitlist any more."),
    Code.OFFER_EXPIRED: N_(
        "The offer is over, or your turn has not come yet: no seat is held for you. Your token was not used."
    ),
    Code.SESSION_OVER: N_("This session is over and stays as it was."),
    Code.SESSION_EXISTS: N_(
        "There is a session of this kind at this time and place already; it may have been called off."
    ),
    Code.SESSION_CHANGED: N_(
        "Somebody else changed this session meanwhile. Look at it again. Nothing was changed."
    ),
    Code.SESSION_IN_PAST: N_("This time is in the past. Nothing was changed."),
    Code.STUDENT_CLASH: N_(
        "Somebody who is booked has another booking of this kind on that day. Nothing was changed."
    ),
    Code.CAPACITY_TAKEN: N_(
        "More seats than that are taken. Choose a larger number, or let it fall as seats come free."
    ),
    Code.SERIES_NOT_FOUND: N_("We could not find this series."),
    Code.SERIES_EMPTY: N_(
        "On none of these dates a session could be added: each is skipped, or has one already."
    ),
    Code.BOOKING_NOT_FOUND: N_("We could not find this booking."),
    Code.BOOKING_CANCELLED: N_(
        "This booking was cancelled in the meantime. Nothing was booked again."
    ),
    Code.INVALID_STATE: N_("This booking can no longer be changed."),
    Code.IDEMPOTENCY_KEY_REUSED: N_(
        "This request was sent before with other details. Start the booking again."
    ),
    Code.LOCK_FAILED: N_(
        "Many people are booking this session right now. Nothing was booked. Try again."
    ),
    Code.SEAT_KEPT_BACK: N_(
        "This seat may be promised to somebody else already. We are checking. Your token was not used. Try again later, or choose another session."
    ),
    Code.TOO_MANY_RECIPIENTS: N_(
        "These are too many students for one mail. Nobody was written to. Choose fewer bookings."
    ),
    Code.SNOOZE_PAST_START: N_(
        "The session begins before that time, so the item stays on the list. Choose an earlier time."
    ),
    Code.SNOOZE_TIME: N_("Choose a time that lies ahead, within the next two weeks."),
    Code.DEVICE_NOT_FOUND: N_("There is no such device. It may have been removed."),
    Code.USER_NOT_FOUND: N_("There is no such user."),
    Code.EMAIL_TAKEN: N_("There is a user with this e-mail already. Nobody was added."),
    Code.OWN_RIGHTS: N_(
        "You cannot do this to yourself. Ask another administrator, or change your own password."
    ),
    Code.LAST_ADMIN: N_("This is the last administrator. Name another one first."),
    Code.CURSOR_GONE: N_("The list is being loaded again from the start."),
}


def sentence(code: str, language: Language | None = None) -> str:
    """Return the sentence for a code; a code of a newer server gets a general one."""
    catalogue = texts.catalogue(language or texts.language())
    known = code if code in SENTENCES else Code.INTERNAL_ERROR
    return catalogue.gettext(SENTENCES[Code(known)])


def too_many_tries(retry_after: int | None) -> str:
    """Return the sentence for a throttled sign-in, with the minutes to wait when they are known.

    Args:
        retry_after: seconds until the next try counts.
    """
    if not retry_after:
        return _(SENTENCES[Code.TOO_MANY_ATTEMPTS])
    minutes = -(-retry_after // 60)
    return ngettext(
        "Too many tries with this student ID. Wait {n} minute, or ask the front desk.",
        "Too many tries with this student ID. Wait {n} minutes, or ask the front desk.",
        minutes,
    ).format(n=minutes)
