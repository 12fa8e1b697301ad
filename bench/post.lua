-- One call of the greeting, and the figures of the run as one line of JSON.
--   BENCH_KEY   API key; sent to every server, so that all get the same bytes
--   BENCH_BODY  what is posted
wrk.method = "POST"
wrk.body = os.getenv("BENCH_BODY") or '{"name":"Alice"}'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. (os.getenv("BENCH_KEY") or "none")

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"micros":%d,"p50":%.1f,"p90":%.1f,"p99":%.1f,"max":%.1f,'
      .. '"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(90), latency:percentile(99), latency.max,
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
