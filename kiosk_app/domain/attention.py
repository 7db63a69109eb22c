"""The ways out of what staff must settle, the best one first."""

from kiosk_app.contract.attention import AttentionKind, Way

WAYS: dict[AttentionKind, tuple[Way, ...]] = {
    AttentionKind.REHOUSE: (
        Way.BOOK_OTHER,
        Way.WRITE_STUDENT,
        Way.CALL_STUDENT,
        Way.NOTHING_TO_DO,
    ),
    AttentionKind.DEBT: (Way.ADD_TOKEN, Way.CALL_STUDENT, Way.WAIVE),
    AttentionKind.DUPLICATE_FREED: (Way.NOTHING_TO_DO, Way.CALL_STUDENT),
    AttentionKind.CLONE_ALARM: (Way.ENROL_AGAIN, Way.ATTEST),
    AttentionKind.UNKNOWN_LEASE: (Way.CALL_STUDENT, Way.BOOK_OTHER, Way.NOTHING_TO_DO),
    AttentionKind.CANCELLED_CHECK_IN: (Way.BOOK_OTHER, Way.CALL_STUDENT, Way.NOTHING_TO_DO),
    AttentionKind.STRANDED: (Way.IMPORT_OUTBOX, Way.ATTEST, Way.NOTHING_TO_DO),
    AttentionKind.RESTORE_NOTICED: (Way.KEEP_BACK, Way.NOTHING_TO_DO),
}
