CREATE FUNCTION record_session_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changes (entity, entity_id, op)
    VALUES ('session', CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END, lower(TG_OP));
    RETURN NULL;
END
$$;

CREATE TRIGGER mock_sessions_added_or_removed
    AFTER INSERT OR DELETE ON mock_sessions
    FOR EACH ROW EXECUTE FUNCTION record_session_change();

CREATE TRIGGER mock_sessions_changed
    AFTER UPDATE ON mock_sessions
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION record_session_change();

-- No writer can spend what is not there (M2). The student's row serialises two spenders.
CREATE FUNCTION refuse_overdraft() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    held bigint;
BEGIN
    PERFORM 1 FROM contacts WHERE id = NEW.contact_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO held FROM ledger
    WHERE contact_id = NEW.contact_id AND credit_field = NEW.credit_field;
    IF held + NEW.amount < 0 THEN
        RAISE EXCEPTION 'a balance cannot fall below zero'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_no_overdraft',
                  TABLE = 'ledger';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ledger_no_overdraft
    BEFORE INSERT ON ledger
    FOR EACH ROW WHEN (NEW.amount < 0) EXECUTE FUNCTION refuse_overdraft();

CREATE FUNCTION refuse_ledger_rewrite() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger entries are added, never changed'
        USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER ledger_is_append_only
    BEFORE UPDATE OR DELETE ON ledger
    FOR EACH ROW EXECUTE FUNCTION refuse_ledger_rewrite();
