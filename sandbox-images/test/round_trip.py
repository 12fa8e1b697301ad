"""Measures one warm invocation of each bootstrap from outside: one write, one read, nothing else. `python3 round_trip.py [COUNT]`."""

import statistics
import struct
import sys
import time

from platform_side import HEADER, INVOKE, NODE, PYTHON, RESULT, Sandbox

HANDLERS = {
    "node async": (NODE, {"index.js": "exports.handler = async (event) => `Hello, ${event.name}!`"}, "index.handler"),
    "node callback": (NODE, {"index.js": "exports.handler = (event, context, done) => done(null, `Hello, ${event.name}!`)"}, "index.handler"),
    "node one log line": (NODE, {"index.js": "exports.handler = async (event) => { console.log('hi'); return 1 }"}, "index.handler"),
    "python": (PYTHON, {"app.py": "def handler(event, context): return f\"Hello, {event['name']}!\""}, "app.handler"),
    "python one log line": (PYTHON, {"app.py": "def handler(event, context): print('hi'); return 1"}, "app.handler"),
}


def measure(command, files, handler, count):
    body = bytes(16) + struct.pack(">QI", int(time.time() * 1000) + 60_000, 0) + b'{"name":"Alice"}'
    frame = HEADER.pack(len(body), INVOKE, 0, 0, 1) + body
    with Sandbox(command, files) as sandbox:
        sandbox.init(handler)
        sandbox.channel.settimeout(None)
        samples = []
        for _ in range(count):
            start = time.perf_counter_ns()
            sandbox.channel.sendall(frame)
            answer = sandbox.channel.recv(4096)
            samples.append((time.perf_counter_ns() - start) / 1000)
            assert answer[4] == RESULT, answer
            sandbox.log_so_far()
    return sorted(samples[count // 5 :])


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    for name, (command, files, handler) in HANDLERS.items():
        samples = measure(command, files, handler, count)
        print(f"{name:20} p50 {statistics.median(samples):6.1f} µs   p99 {samples[len(samples) * 99 // 100]:6.1f} µs")
