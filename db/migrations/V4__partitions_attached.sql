-- A partition is made beside its table and then attached: unlike CREATE TABLE ... PARTITION OF, that does not
-- lock out those who read or write the table meanwhile.
CREATE OR REPLACE FUNCTION make_daily_partition(parent text, day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    partition text := parent || to_char(day, '_YYYYMMDD');
BEGIN
    IF parent NOT IN ('invocations', 'invocation_logs') THEN
        RAISE EXCEPTION '% has no daily partitions', parent;
    END IF;
    -- Two instances that make the same partition at the same time would make one of them fail.
    PERFORM pg_advisory_xact_lock(hashtext('daily partitions'));
    IF to_regclass(quote_ident(partition)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        parent, partition, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
END $$;
