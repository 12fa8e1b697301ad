-- What the recorder writes most: less work for each row, and smaller indexes.

-- Request ids rise with time (docs/decisions/0033), and so does the order of rows in a partition: which ids are in
-- which 256 kB of it finds a row by reading a few of those, and costs the recorder next to nothing.
DROP INDEX invocations_by_request;
CREATE INDEX invocations_by_request ON invocations USING brin (request_id) WITH (pages_per_range = 32, autosummarize = on);

-- The same order the other way round: lists read it backwards, and new rows come at its end, where pages are filled
-- up instead of being split in halves.
DROP INDEX invocations_by_function;
CREATE INDEX invocations_by_function ON invocations (tenant_id, function_name, started_at, request_id);
