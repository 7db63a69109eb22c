-- What five sums say about one student; a null contact has none.
CREATE OR REPLACE FUNCTION contact_balances(p_contact uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE
SET enable_seqscan = off
AS $$
DECLARE
    answer jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(credit_field, total), '{}') INTO answer
    FROM (
        SELECT credit_field, sum(amount) AS total FROM ledger
        WHERE contact_id = p_contact GROUP BY credit_field
    ) AS sums;
    RETURN answer;
END
$$;
