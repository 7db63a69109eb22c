DROP FUNCTION adopt_contact(text, text, text, text, text, jsonb, timestamptz);
DROP FUNCTION crm_switch(boolean);
DROP TRIGGER bookings_crm ON bookings;
DROP TRIGGER mock_sessions_crm ON mock_sessions;
DROP TRIGGER ledger_crm ON ledger;
DROP TRIGGER contacts_crm ON contacts;
DROP FUNCTION queue_owner_for_crm();
DROP FUNCTION queue_row_for_crm();
DROP FUNCTION queue_for_crm(text, uuid);
DROP TABLE crm_sync_log, crm_contacts, crm_queue;

-- The older version has no word for these entries; the tokens stay.
ALTER TABLE ledger DROP CONSTRAINT ledger_kind_check;
ALTER TABLE ledger DISABLE TRIGGER ledger_is_append_only;
UPDATE ledger SET kind = 'grant' WHERE kind = 'crm';
ALTER TABLE ledger ENABLE TRIGGER ledger_is_append_only;
ALTER TABLE ledger ADD CONSTRAINT ledger_kind_check CHECK (
    CASE kind
        WHEN 'booking' THEN amount < 0 AND booking_id IS NOT NULL AND reverses IS NULL
        WHEN 'refund' THEN amount > 0 AND booking_id IS NOT NULL AND reverses IS NOT NULL
        WHEN 'opening' THEN amount > 0 AND booking_id IS NULL AND reverses IS NULL
        WHEN 'grant' THEN amount > 0 AND booking_id IS NULL AND reverses IS NULL
        WHEN 'adjust' THEN amount <> 0 AND booking_id IS NULL AND reverses IS NULL
        ELSE false
    END
);
