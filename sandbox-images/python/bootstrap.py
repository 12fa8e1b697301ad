"""The language runtime of python3.11 sandboxes (docs/sandbox-protocol.md).

Started by init with the channel as fd 3 and the log as fd 1 and 2. Boots, says HELLO and waits as a stem; INIT loads one
handler; from then on each INVOKE is answered by exactly one RESULT or ERROR.

What must not be broken: an answer carries the number of the invocation that it belongs to, and everything that the function
has printed is on its way before the answer is. The warm path is one read, one parse, one call, one write.
"""

import builtins
import decimal
import gc
import importlib
import io
import json
import logging
import os
import select
import signal
import socket
import struct
import sys
import threading
import time
import traceback

CHANNEL_FD = 3
LOG_FD = 1
HEADER = struct.Struct(">IBBHQ")  # body length, type, flags, reserved, number of the invocation
INVOKE = struct.Struct(">16sqI")  # request id, deadline in ms since 1970, length of the client context
READ_BYTES = 64 * 1024
MAXIMUM_BODY_BYTES = 7_340_032
MAXIMUM_RESULT_BYTES = 6_291_556
MAXIMUM_ERROR_BYTES = 256 * 1024
INIT, INVOKE_TYPE = 0x01, 0x02
HELLO, READY, INIT_ERROR, RESULT, ERROR = 0x81, 0x82, 0x83, 0x84, 0x85
EXIT_PROTOCOL_VIOLATED = 70

HERE = os.path.dirname(os.path.abspath(__file__))


class PlatformError(Exception):
    """An error that the bootstrap itself reports: `error_type` is what callers see."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.trace = list(trace)


class PlatformGone(Exception):
    """End of file on the channel."""


# --------------------------------------------------------------------------------------------------------------------
# Log


class Log(io.RawIOBase):
    """The log as a raw stream without a buffer: nothing is lost when the process ends, and nothing changes its order."""

    def writable(self):
        return True

    def fileno(self):
        return LOG_FD

    def write(self, data):
        view = memoryview(data).cast("B")
        total = len(view)
        while view:
            try:
                view = view[os.write(LOG_FD, view) :]
            except BlockingIOError:  # a child that shares the log has made it non-blocking
                select.select([], [LOG_FD], [])
            except BrokenPipeError:
                break
        return total


def open_log():
    """One text stream for both: what is written to stdout and stderr stays in the order in which it was written."""
    stream = io.TextIOWrapper(Log(), encoding="utf-8", errors="backslashreplace", write_through=True)
    sys.stdout = sys.stderr = sys.__stdout__ = sys.__stderr__ = stream
    return stream


class RequestIdFilter(logging.Filter):
    """Where several invocations run at once, each has a thread of its own."""

    def __init__(self):
        super().__init__()
        self._own = threading.local()
        self._latest = "-"

    @property
    def request_id(self):
        return getattr(self._own, "request_id", self._latest)

    @request_id.setter
    def request_id(self, value):
        self._own.request_id = self._latest = value

    def filter(self, record):
        record.aws_request_id = self.request_id
        return True


class LogHandler(logging.StreamHandler):
    """Resolves `sys.stderr` at each record, so that a function may replace it."""

    def __init__(self):
        logging.Handler.__init__(self)

    @property
    def stream(self):
        return sys.stderr


def set_up_logging():
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
    )
    formatter.converter = time.gmtime
    request_ids = RequestIdFilter()
    handler = LogHandler()
    handler.setFormatter(formatter)
    handler.addFilter(request_ids)
    logging.getLogger().addHandler(handler)
    return request_ids


# --------------------------------------------------------------------------------------------------------------------
# Channel


class Channel:
    """The frames on fd 3. Reads and writes block: a Python function has nothing to do between invocations."""

    def __init__(self):
        self._socket = socket.socket(fileno=CHANNEL_FD)
        self._socket.set_inheritable(False)
        os.register_at_fork(after_in_child=self._socket.close)  # a forked child must not answer a second time
        self._unread = b""
        self._sending = threading.Lock()

    def receive(self):
        """Waits for one frame: (type, number of the invocation, body)."""
        data = self._unread or self._read()
        while len(data) < HEADER.size:
            data += self._read()
        length, kind, _, _, number = HEADER.unpack_from(data)
        if length > MAXIMUM_BODY_BYTES:
            violated(f"a frame of {length} bytes; the limit is {MAXIMUM_BODY_BYTES}")
        end = HEADER.size + length
        if len(data) < end:
            data = self._read_rest(data, end)
        self._unread = data[end:]
        return kind, number, data[HEADER.size : end]

    def send(self, kind, number, body):
        with self._sending:
            self._socket.sendall(HEADER.pack(len(body), kind, 0, 0, number) + body)

    def _read(self):
        data = self._socket.recv(READ_BYTES)
        if not data:
            raise PlatformGone
        return data

    def _read_rest(self, start, end):
        frame = bytearray(end)
        frame[: len(start)] = start
        view = memoryview(frame)
        filled = len(start)
        while filled < end:
            count = self._socket.recv_into(view[filled:])
            if count == 0:
                raise PlatformGone
            filled += count
        return bytes(frame)


def violated(what):
    print(f"The platform sent {what}; this sandbox ends.", file=sys.__stderr__)
    os._exit(EXIT_PROTOCOL_VIOLATED)


# --------------------------------------------------------------------------------------------------------------------
# INIT: environment, then the handler's module


def set_environment(init):
    function = init["function"]
    task_root = init["taskRoot"]
    region = function["arn"].split(":")[3]
    os.environ.update(init.get("environment") or {})
    os.environ.update(
        {
            "_HANDLER": init["handler"],
            "LAMBDA_TASK_ROOT": task_root,
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_LAMBDA_FUNCTION_NAME": function["name"],
            "AWS_LAMBDA_FUNCTION_VERSION": function["version"],
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function["memoryMegabytes"]),
            "AWS_LAMBDA_LOG_GROUP_NAME": function["logGroup"],
            "AWS_LAMBDA_LOG_STREAM_NAME": function["logStream"],
        }
    )
    time.tzset()
    os.chdir(task_root)
    user_path = (init.get("environment") or {}).get("PYTHONPATH", "")
    sys.path[:] = [task_root, *filter(None, user_path.split(":")), *(entry for entry in sys.path if entry != HERE), HERE]


def load_handler(name):
    module_path, dot, function_name = name.rpartition(".")
    if not dot or not module_path or not function_name or ".." in name:
        raise PlatformError(
            "Runtime.MalformedHandlerName",
            f"Bad handler '{name}': write MODULE.FUNCTION, for example handler.handler",
        )
    module_name = module_path.strip("/").replace("/", ".")
    module = import_module(module_name)
    try:
        handler = getattr(module, function_name)
    except AttributeError:
        raise PlatformError(
            "Runtime.HandlerNotFound",
            f"Handler '{function_name}' missing on module '{module_name}'{shadowed(module, module_name)}",
        ) from None
    if not callable(handler):
        raise PlatformError(
            "Runtime.HandlerNotFound",
            f"Handler '{function_name}' on module '{module_name}' is not callable but {type(handler).__name__}",
        )
    return handler


def shadowed(module, name):
    """A hint for a file that has the name of a module which Python has loaded long before."""
    file = getattr(module, "__file__", None) or ""
    if file.startswith((os.environ["LAMBDA_TASK_ROOT"], "/opt/")):
        return ""
    return f": Python's own module '{name}' was found instead of your file; give the file another name"


def import_module(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise PlatformError(
            "Runtime.ImportModuleError", f"Unable to import module '{name}': {error}", user_frames(error)
        ) from None
    except SyntaxError as error:
        trace = [f'  File "{error.filename}", line {error.lineno}\n    {(error.text or "").strip()}']
        raise PlatformError(
            "Runtime.UserCodeSyntaxError", f"Syntax error in module '{name}': {error}", trace
        ) from None


# --------------------------------------------------------------------------------------------------------------------
# INVOKE


class Client:
    def __init__(self, values):
        self.installation_id = values.get("installation_id")
        self.app_title = values.get("app_title")
        self.app_version_name = values.get("app_version_name")
        self.app_version_code = values.get("app_version_code")
        self.app_package_name = values.get("app_package_name")


class ClientContext:
    def __init__(self, values):
        self.custom = values.get("custom")
        self.env = values.get("env")
        self.client = Client(values["client"]) if values.get("client") else None


class CognitoIdentity:
    cognito_identity_id = None
    cognito_identity_pool_id = None


class LambdaContext:
    """The second argument of a handler."""

    def __init__(self, function, request_id, deadline, client_context):
        self.aws_request_id = request_id
        self.log_group_name = function["logGroup"]
        self.log_stream_name = function["logStream"]
        self.function_name = function["name"]
        self.memory_limit_in_mb = str(function["memoryMegabytes"])
        self.function_version = function["version"]
        self.invoked_function_arn = function["arn"]
        self.tenant_id = None
        self.client_context = client_context
        self.identity = CognitoIdentity()
        self._epoch_deadline_time_in_ms = deadline

    def get_remaining_time_in_millis(self):
        return max(self._epoch_deadline_time_in_ms - int(time.time() * 1000), 0)

    def __repr__(self):
        return f"LambdaContext({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"


def to_number(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if hasattr(value, "cr_await"):
        value.close()
        raise TypeError("the handler is an async function; call asyncio.run(…) inside a plain one")
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(", ", ": "), default=to_number).encode
encode_ascii = json.JSONEncoder(allow_nan=False, default=to_number).encode
decode = json.JSONDecoder().decode


def parse(event, client_context):
    try:
        return (
            decode(str(event, "utf-8")) if event else {},
            ClientContext(decode(str(client_context, "utf-8"))) if client_context else None,
        )
    except (ValueError, RecursionError, AttributeError) as error:
        raise PlatformError("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def marshal(result):
    try:
        try:
            body = encode(result).encode()
        except UnicodeEncodeError:  # a lone surrogate: as an escape it is JSON
            body = encode_ascii(result).encode()
    except (TypeError, ValueError, RecursionError, OverflowError) as error:
        raise PlatformError("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
    if len(body) > MAXIMUM_RESULT_BYTES:
        raise PlatformError(
            "Function.ResponseSizeTooLarge",
            f"Response payload size ({len(body)} bytes) exceeded maximum allowed payload size"
            f" ({MAXIMUM_RESULT_BYTES} bytes).",
        )
    return body


def answer(handler, function, body, request_ids):
    """Runs the handler once: (type of the answer, its body)."""
    id_bytes, deadline, context_length = INVOKE.unpack_from(body)
    digits = id_bytes.hex()
    request_id = f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
    request_ids.request_id = request_id
    context_end = INVOKE.size + context_length
    try:
        event, client_context = parse(body[context_end:], body[INVOKE.size : context_end])
        return RESULT, marshal(handler(event, LambdaContext(function, request_id, deadline, client_context)))
    except SystemExit:
        raise
    except BaseException as error:  # whatever a function throws is its answer, KeyboardInterrupt too
        log_error(error)
        return ERROR, describe(error)


# --------------------------------------------------------------------------------------------------------------------
# Errors


def user_frames(error):
    """The traceback as lines, without the frames of this file and of the import machinery."""
    frames = traceback.extract_tb(error.__traceback__)
    return [
        line.rstrip("\n")
        for frame, line in zip(frames, traceback.format_list(frames))
        if not frame.filename.startswith((HERE, "<frozen importlib")) and not frame.filename.endswith("/importlib/__init__.py")
    ]


def dissect(error):
    """(type, message, trace). Whatever was raised, this does not raise."""
    if isinstance(error, PlatformError):
        return error.error_type, str(error), error.trace
    try:
        message = str(error)
    except Exception:
        message = "The error that was raised cannot be shown: its __str__ raises"
    try:
        trace = user_frames(error)
    except Exception:
        trace = []
    return type(error).__name__, message, trace


CUT = "… (cut)"


def shorter(text, length):
    return text[:length] + CUT if len(text) > length else text


def describe(error):
    """Error JSON of the protocol, at most MAXIMUM_ERROR_BYTES."""
    kind, message, trace = dissect(error)
    body = error_json(kind, message, trace)
    return body if len(body) <= MAXIMUM_ERROR_BYTES else error_json(*cut(kind, message, trace))


def error_json(kind, message, trace):
    return encode_ascii({"errorType": kind, "errorMessage": message, "trace": trace, "fatal": False}).encode()


def cut(kind, message, trace):
    share = MAXIMUM_ERROR_BYTES // 32  # characters; one can need twelve bytes in JSON
    kept = [shorter(line, share // 64) for line in trace[:40]]
    return shorter(kind, 256), shorter(message, share), kept + [CUT] * (len(kept) < len(trace))


def log_error(error):
    kind, message, trace = dissect(error)
    if len(message) > MAXIMUM_ERROR_BYTES:
        kind, message, trace = cut(kind, message, trace)
    lines = [f"[ERROR] {kind}: {message}"]
    if trace:
        lines += ["Traceback (most recent call last):", *trace]
    sys.__stderr__.write("\n".join(lines) + "\n")


# --------------------------------------------------------------------------------------------------------------------


def flush():
    """A function may have put a buffer of its own in front of the log."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # a replaced stream may be closed or not a stream at all
            pass


def initialise(channel, body):
    """Loads the handler and says so: (handler, function, concurrency), or None when it cannot be loaded."""
    init = json.loads(body)
    set_environment(init)
    try:
        handler = load_handler(init["handler"])
    except SystemExit:
        raise
    except BaseException as error:
        log_error(error)
        flush()
        channel.send(INIT_ERROR, 0, describe(error))
        return None
    flush()
    gc.freeze()
    channel.send(READY, 0, b"")
    return handler, init["function"], init.get("concurrency", 1)


def warned(_signal, _frame):
    """Sent shortly before the deadline: a function without a handler of its own must not be ended by it."""


def serve():
    open_log()
    signal.signal(signal.SIGTERM, warned)
    request_ids = set_up_logging()
    channel = Channel()
    builtins.exit = builtins.quit = sys.exit  # as in a script; `site` closes stdin on the way
    version = ".".join(map(str, sys.version_info[:3]))
    hello = {"protocol": 1, "runtime": os.environ.get("FUNKHAUS_RUNTIME", ""), "languageVersion": version}
    gc.freeze()
    channel.send(HELLO, 0, json.dumps(hello, separators=(",", ":")).encode())

    kind, _, body = channel.receive()
    if kind != INIT:
        violated(f"a frame of type {kind} in a stem")
    loaded = initialise(channel, body)
    if loaded is None:
        kind, _, _ = channel.receive()
        violated(f"a frame of type {kind} after a failed INIT")
    handler, function, most = loaded

    def run(number, body):
        answer_type, answer_body = answer(handler, function, body, request_ids)
        flush()
        channel.send(answer_type, number, answer_body)

    if most > 1:
        serve_several(channel, run, most)
    while True:
        run(*next_invocation(channel))


def next_invocation(channel):
    kind, number, body = channel.receive()
    if kind != INVOKE_TYPE:
        violated(f"a frame of type {kind} after INIT")
    return number, body


def serve_several(channel, run, most):
    """One thread for each invocation. This one, which alone is given signals, only reads."""
    from concurrent.futures import ThreadPoolExecutor  # not every stem pays for it

    def work(number, body):
        try:
            run(number, body)
        except SystemExit as end:  # ends the process, as it does where only one invocation runs
            flush()
            os._exit(end.code if isinstance(end.code, int) else int(end.code is not None))
        except (BrokenPipeError, ConnectionResetError):
            os._exit(0)

    workers = ThreadPoolExecutor(most, "invocation")
    while True:
        workers.submit(work, *next_invocation(channel))


if __name__ == "__main__":
    try:
        serve()
    except PlatformGone:
        os._exit(0)
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)
