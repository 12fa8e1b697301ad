-- What ran: one row per invocation, its log, and the figures of the metrics pages.
-- Written only by the package recording, in batches, each in one transaction with journal_positions.

-- How far the journal of one service instance has been carried over. A journal has its own id, so that
-- a journal beside a new or restored database is carried over from the start of what is still there.
CREATE TABLE journal_positions (
    journal    uuid   PRIMARY KEY,
    segment    bigint NOT NULL,
    "offset"   integer NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- One partition per UTC day, made ahead by the recorder and dropped by retention. No foreign keys: a row
-- outlives its function, and its tenant comes from the authenticated caller.
CREATE TABLE invocations (
    tenant_id          bigint      NOT NULL,
    request_id         uuid        NOT NULL,
    function_name      text        NOT NULL,
    version            text        NOT NULL,
    alias              text,
    trigger            text        NOT NULL,
    key_id             text,
    key_name           text,
    status             text        NOT NULL,
    error_type         text,
    error_message      text,
    error_trace        text,
    started_at         timestamptz NOT NULL,
    queue_micros       bigint      NOT NULL,
    init_micros        bigint      NOT NULL,
    run_micros         bigint      NOT NULL,
    billed_millis      bigint      NOT NULL,
    cold_start         boolean     NOT NULL,
    memory             integer     NOT NULL,
    peak_memory_bytes  bigint      NOT NULL,
    payload_bytes      bigint      NOT NULL,
    result_bytes       bigint      NOT NULL,
    log_bytes          bigint      NOT NULL,
    log_dropped_bytes  bigint      NOT NULL,
    payload            bytea       NOT NULL,
    result             bytea       NOT NULL,
    PRIMARY KEY (tenant_id, started_at, request_id)
) PARTITION BY RANGE (started_at);

CREATE INDEX invocations_by_function ON invocations (tenant_id, function_name, started_at DESC, request_id DESC);
CREATE INDEX invocations_by_request ON invocations (request_id);

-- Only what the function itself wrote; the START, END and REPORT lines are made from the invocation's row.
CREATE TABLE invocation_logs (
    tenant_id  bigint      NOT NULL,
    request_id uuid        NOT NULL,
    started_at timestamptz NOT NULL,
    log        text        NOT NULL,
    PRIMARY KEY (tenant_id, started_at, request_id)
) PARTITION BY RANGE (started_at);

-- Partitions are made and dropped through these two functions, so that the service's own database role
-- needs no right to create or drop tables.
CREATE FUNCTION make_daily_partition(parent text, day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF parent NOT IN ('invocations', 'invocation_logs') THEN
        RAISE EXCEPTION '% has no daily partitions', parent;
    END IF;
    -- Two instances that make the same partition at the same time would make one of them fail.
    PERFORM pg_advisory_xact_lock(hashtext('daily partitions'));
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
        parent || to_char(day, '_YYYYMMDD'), parent, day::text || ' 00:00:00+00', (day + 1)::text || ' 00:00:00+00');
END $$;

CREATE FUNCTION drop_daily_partitions(parent text, before date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    partition text;
    dropped integer := 0;
BEGIN
    IF parent NOT IN ('invocations', 'invocation_logs') THEN
        RAISE EXCEPTION '% has no daily partitions', parent;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('daily partitions'));
    FOR partition IN
        SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
        WHERE inhparent = parent::regclass AND right(child.relname, 8) < to_char(before, 'YYYYMMDD')
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- Figures per minute, hour and day, so that a month costs the same as an hour. Latency is a sparse histogram:
-- bins[i] was hit counts[i] times; the bins are log-linear, 64 to the power of two, of microseconds
-- (io.funkhaus.api.recording.LatencyHistogram).
CREATE TABLE metrics_minute (
    tenant_id       bigint      NOT NULL,
    function_name   text        NOT NULL,
    version         text        NOT NULL,
    bucket          timestamptz NOT NULL,
    invocations     bigint      NOT NULL,
    errors          bigint      NOT NULL,
    timeouts        bigint      NOT NULL,
    refused         bigint      NOT NULL,
    cold_starts     bigint      NOT NULL,
    billed_millis   bigint      NOT NULL,
    max_micros      bigint      NOT NULL,
    max_concurrency integer     NOT NULL,
    bins            smallint[]  NOT NULL,
    counts          bigint[]    NOT NULL,
    PRIMARY KEY (tenant_id, function_name, version, bucket)
) WITH (fillfactor = 60);

CREATE INDEX metrics_minute_by_bucket ON metrics_minute (tenant_id, bucket);
CREATE INDEX metrics_minute_by_age ON metrics_minute USING brin (bucket);

CREATE TABLE metrics_hour (LIKE metrics_minute INCLUDING ALL) WITH (fillfactor = 60);
CREATE TABLE metrics_day (LIKE metrics_minute INCLUDING ALL) WITH (fillfactor = 60);
