DROP TRIGGER bookings_limits ON bookings;
DROP FUNCTION refuse_beyond_limits;
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
        CASE NEW.is_active WHEN 'Cancelled' THEN NEW.cancel_reason END,
        CASE TG_OP WHEN 'UPDATE' THEN jsonb_build_object('state', OLD.is_active) END,
        jsonb_build_object('state', NEW.is_active, 'session', NEW.session_id,
                           'credit_field', NEW.credit_field),
        (actor ->> 'device')::uuid, actor ->> 'request');
    RETURN NULL;
END
$$;
