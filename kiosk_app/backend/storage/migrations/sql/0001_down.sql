DROP FUNCTION recount_sessions(uuid[]);
DROP FUNCTION cancel_booking_atomic;
DROP FUNCTION create_booking_atomic;
DROP FUNCTION booking_facts(text, text, text);
DROP FUNCTION check_idempotency_key(text);
DROP FUNCTION contact_balances(uuid);
DROP TABLE server_secrets, sign_in_failures, enrolment_codes, feed, changes, ledger, bookings,
    devices, mock_sessions, contacts;
DROP FUNCTION refuse_ledger_rewrite();
DROP FUNCTION refuse_overdraft();
DROP FUNCTION record_session_change();
