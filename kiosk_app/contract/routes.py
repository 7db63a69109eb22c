"""Every route, relative to its prefix; `/api/v1` is the main one, `/api` its alias (A92, F54)."""

PREFIX = "/api/v1"
ALIAS = "/api"

DISCUSSIONS_AVAILABLE = "/mock-discussions/available"
DISCUSSIONS_VALIDATE = "/mock-discussions/validate-credits"
DISCUSSIONS_CREATE = "/mock-discussions/create-booking"
DISCUSSIONS_CANCEL = "/mock-discussions/cancel-booking"

EXAMS_AVAILABLE = "/mock-exams/available"
EXAMS_VALIDATE = "/mock-exams/validate-credits"

BOOKINGS_CREATE = "/bookings/create"
BOOKINGS_BY_CONTACT = "/bookings/by-contact/{contact}"
BOOKING = "/bookings/{ref}"

DEVICES_ENROL = "/devices/enrol"
VISITS = "/visits"
CAPABILITIES = "/capabilities"
OUTBOX_REJECTIONS = "/outbox/rejections"
ADMIN_CRON = "/admin/cron/{job}"
CRON_HEADER = "Authorization"
"""`Bearer <cron secret>` on `ADMIN_CRON` (K32)."""
CHANGES = "/changes"
SNAPSHOT = "/snapshot"

HEALTH = "/health"
"""Without prefix: a liveness probe needs no token and no API version (K31)."""
READY = "/ready"
METRICS = "/metrics"
"""For this machine, or with a token of its own."""

DEVICE_HEADER = "Authorization"
"""`Bearer <device token>` on every call of an enrolled device (K25)."""
VISIT_HEADER = "X-Visit-Token"
"""The student's short token beside it, while a visit lasts (K26)."""
REQUEST_ID_HEADER = "X-Request-Id"
CLIENT_VERSION_HEADER = "X-Client-Version"
