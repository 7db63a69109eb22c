-- Limits of bookings per student. Which ones hold is decided by whoever books (domain/rules.py) and
-- travels with the actor; they are counted here, because here the student's row is locked.
CREATE FUNCTION refuse_beyond_limits() RETURNS trigger
LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
    limits jsonb := current_setting('kiosk.actor', true)::jsonb -> 'limits';
    monday date := date_trunc('week', NEW.exam_date)::date;
    a_day integer;
    a_week integer;
    alike integer;
BEGIN
    SELECT count(*) FILTER (WHERE b.exam_date = NEW.exam_date), count(*),
           count(*) FILTER (WHERE b.mock_type = NEW.mock_type)
    INTO a_day, a_week, alike
    FROM bookings b
    WHERE b.contact_id = NEW.contact_id AND b.is_active IN ('Active', 'Completed')
      AND b.exam_date BETWEEN monday AND monday + 6;
    IF a_day >= (limits ->> 'per_day')::integer THEN
        RAISE EXCEPTION 'no more bookings on this day'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bookings_daily_limit';
    END IF;
    IF a_week >= (limits ->> 'per_week')::integer
       OR alike >= (limits ->> 'of_type_per_week')::integer THEN
        RAISE EXCEPTION 'no more bookings in this week'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'bookings_weekly_limit';
    END IF;
    RETURN NEW;
END
$$;

-- The setting is empty after an earlier transaction of the connection.
CREATE TRIGGER bookings_limits
    BEFORE INSERT ON bookings
    FOR EACH ROW WHEN (
        nullif(current_setting('kiosk.actor', true), '')::jsonb ->> 'limits' IS NOT NULL)
    EXECUTE FUNCTION refuse_beyond_limits();

-- Staff who set a rule aside say why, and the reason stands with what they did.
CREATE OR REPLACE FUNCTION audit_booking() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    -- Empty after an earlier transaction of the connection; where nobody is named it is the system.
    actor jsonb := coalesce(nullif(current_setting('kiosk.actor', true), ''),
                            '{"kind": "system"}')::jsonb;
BEGIN
    INSERT INTO audit_log (actor_kind, actor_id, subject_id, action, entity, entity_id, reason,
                           before, after, device_id, request_id)
    VALUES (
        actor ->> 'kind', actor ->> 'id', NEW.contact_id,
        CASE TG_OP WHEN 'INSERT' THEN 'booking.created'
                   ELSE 'booking.' || lower(NEW.is_active) END,
        'booking', NEW.id::text,
        coalesce(actor ->> 'override', CASE NEW.is_active WHEN 'Cancelled' THEN NEW.cancel_reason END),
        CASE TG_OP WHEN 'UPDATE' THEN jsonb_build_object('state', OLD.is_active) END,
        jsonb_build_object('state', NEW.is_active, 'session', NEW.session_id,
                           'credit_field', NEW.credit_field)
            || CASE WHEN actor ->> 'override' IS NULL THEN '{}'::jsonb ELSE '{"override": true}' END,
        (actor ->> 'device')::uuid, actor ->> 'request');
    RETURN NULL;
END
$$;
