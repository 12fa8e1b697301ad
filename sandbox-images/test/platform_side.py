"""Plays the scheduler's part of docs/sandbox-protocol.md against a bootstrap on this machine, without containers."""

import json
import os
import select
import signal
import socket
import struct
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGES = os.path.dirname(HERE)

NODE = ["node", "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", f"{IMAGES}/nodejs/bootstrap.cjs"]
PYTHON = ["python3", f"{IMAGES}/python/bootstrap.py"]

HEADER = struct.Struct(">IBBHQ")
INIT, INVOKE = 0x01, 0x02
HELLO, READY, INIT_ERROR, RESULT, ERROR = 0x81, 0x82, 0x83, 0x84, 0x85
SECONDS_TO_WAIT = 20


class Answer:
    """A frame, and everything that was in the log when it arrived."""

    def __init__(self, kind, number, body, log):
        self.kind, self.number, self.body, self.log = kind, number, body, log

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"Answer({self.kind:#x}, {self.number}, {self.body[:2000]!r}, log={self.log[:2000]!r})"


class Sandbox:
    """One bootstrap process with its channel and log. A context manager: the process is killed at the end."""

    def __init__(self, command, files, environment=None):
        self.directory = tempfile.TemporaryDirectory(prefix="fn-")
        self.task_root = os.path.realpath(self.directory.name)
        for name, content in files.items():
            path = os.path.join(self.task_root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        self.channel, theirs = socket.socketpair()
        self.log_end, their_log = socket.socketpair()
        self.channel.settimeout(SECONDS_TO_WAIT)
        self.log_end.setblocking(False)
        self.log, self.log_ended = bytearray(), False
        inherited = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        # Parked high first: a descriptor must not be overwritten before it has been copied.
        high = [os.dup2(theirs.fileno(), 200), os.dup2(their_log.fileno(), 201)]
        self.pid = os.posix_spawnp(
            command[0],
            command,
            {**inherited, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "FUNKHAUS_RUNTIME": "test", **(environment or {})},
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, 200, 3),
                (os.POSIX_SPAWN_DUP2, 201, 1),
                (os.POSIX_SPAWN_DUP2, 201, 2),
                (os.POSIX_SPAWN_CLOSE, 200),
                (os.POSIX_SPAWN_CLOSE, 201),
            ],
        )
        for fd in high:
            os.close(fd)
        theirs.close()
        their_log.close()
        self.status = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        self.channel.close()
        self.log_end.close()
        self.directory.cleanup()

    def send(self, kind, number, body):
        self.channel.sendall(HEADER.pack(len(body), kind, 0, 0, number) + body)

    def receive(self):
        """The next frame, or None at the end of the channel."""
        header = self._exactly(HEADER.size)
        if header is None:
            return None
        length, kind, flags, reserved, number = HEADER.unpack(header)
        assert (flags, reserved) == (0, 0)
        body = self._exactly(length)
        return Answer(kind, number, body, self.log_so_far())

    def _exactly(self, count):
        data = bytearray()
        while len(data) < count:
            readable, _, _ = select.select([self.channel, *self._open_log()], [], [], SECONDS_TO_WAIT)
            assert readable, f"no answer for {SECONDS_TO_WAIT} s"
            if self.channel not in readable:
                self._drain_log()
                continue
            try:
                piece = self.channel.recv(count - len(data))
            except ConnectionResetError:
                piece = b""
            if not piece:
                return None
            data += piece
        return bytes(data)

    def _open_log(self):
        return [] if self.log_ended else [self.log_end]

    def _drain_log(self):
        while not self.log_ended:
            try:
                piece = self.log_end.recv(1 << 20)
            except BlockingIOError:
                return
            self.log_ended = not piece
            self.log += piece

    def log_so_far(self):
        """What can be read without waiting, since the last time: complete once an answer has been read."""
        self._drain_log()
        text = self.log.decode(errors="replace")
        self.log.clear()
        return text

    def hello(self):
        answer = self.receive()
        assert answer is not None and answer.kind == HELLO, answer
        return answer

    def init(self, handler, environment=None, memory_megabytes=128, concurrency=1):
        """Specialises the stem: READY or INIT_ERROR."""
        self.hello()
        body = {
            "handler": handler,
            "taskRoot": self.task_root,
            "environment": environment or {},
            "concurrency": concurrency,
            "function": {
                "name": "hello",
                "version": "3",
                "memoryMegabytes": memory_megabytes,
                "timeoutMillis": 3000,
                "arn": "arn:aws:lambda:local:123456789012:function:hello:3",
                "logGroup": "/aws/lambda/hello",
                "logStream": "2026/11/21/[3]0123456789abcdef",
            },
        }
        self.send(INIT, 0, json.dumps(body).encode())
        return self.receive()

    def invoke(self, event=b"{}", number=None, client_context=b"", request_id=None, deadline=None):
        """One invocation; `event` is JSON text as bytes, or a value."""
        self.send_invoke(event, number, client_context, request_id, deadline)
        return self.receive()

    def send_invoke(self, event=b"{}", number=None, client_context=b"", request_id=None, deadline=None):
        if not isinstance(event, bytes):
            event = json.dumps(event, ensure_ascii=False).encode()
        number = 0xFEDCBA9876543210 if number is None else number
        deadline = int(time.time() * 1000) + 3000 if deadline is None else deadline
        request_id = request_id or uuid.uuid4()
        self.send(INVOKE, number, request_id.bytes + struct.pack(">QI", deadline, len(client_context)) + client_context + event)

    def ended(self):
        """Waits for the end of the process: (exit status, or minus the signal; the rest of the log)."""
        deadline = time.monotonic() + SECONDS_TO_WAIT
        rest = ""
        while time.monotonic() < deadline:
            rest += self.log_so_far()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                return self.status, rest + self.log_so_far()
            time.sleep(0.005)
        raise AssertionError(f"the runtime is still there after {SECONDS_TO_WAIT} s")
