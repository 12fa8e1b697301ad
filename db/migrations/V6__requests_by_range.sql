-- Request ids rise with time (docs/decisions/0033), and so does the order of rows in a partition: which ids are in
-- which 256 kB of it finds a row as well as an entry for each row would, and costs the recorder next to nothing.
DROP INDEX invocations_by_request;
CREATE INDEX invocations_by_request ON invocations USING brin (request_id) WITH (pages_per_range = 32, autosummarize = on);
