"""The handler contract of python3.11, row by row."""

import json
import os
import signal
import time
import unittest
import uuid

from platform_side import ERROR, HELLO, INIT_ERROR, PYTHON, READY, RESULT, Sandbox

TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"


def python(files, environment=None):
    return Sandbox(PYTHON, {"app.py": files} if isinstance(files, (str, bytes)) else files, environment)


class PythonCase(unittest.TestCase):
    def answer(self, source, event=b"{}", handler="app.handler", **invocation):
        with python(source) as sandbox:
            ready = sandbox.init(handler)
            self.assertEqual(ready.kind, READY, ready)
            return sandbox.invoke(event, **invocation)

    def result(self, source, event=b"{}", **options):
        answer = self.answer(source, event, **options)
        self.assertEqual(answer.kind, RESULT, answer)
        return answer.json

    def error(self, source, event=b"{}", **options):
        answer = self.answer(source, event, **options)
        self.assertEqual(answer.kind, ERROR, answer)
        return answer.json

    def init_error(self, files, handler="app.handler"):
        with python(files) as sandbox:
            answer = sandbox.init(handler)
            self.assertEqual(answer.kind, INIT_ERROR, answer)
            return answer.json


class Stem(PythonCase):
    def test_says_which_runtime_it_is(self):
        with python("", {"FUNKHAUS_RUNTIME": "python3.11"}) as sandbox:
            hello = sandbox.hello()
        self.assertEqual(hello.kind, HELLO)
        self.assertEqual((hello.json["protocol"], hello.json["runtime"]), (1, "python3.11"))
        self.assertRegex(hello.json["languageVersion"], r"^3\.\d+\.\d+$")

    def test_ends_when_the_platform_closes_the_channel(self):
        with python("") as sandbox:
            sandbox.hello()
            sandbox.channel.close()
            self.assertEqual(sandbox.ended()[0], 0)

    def test_refuses_an_invocation_before_init(self):
        with python("") as sandbox:
            sandbox.hello()
            sandbox.send_invoke()
            status, log = sandbox.ended()
        self.assertEqual(status, 70)
        self.assertIn("a frame of type 2 in a stem", log)

    def test_takes_a_frame_in_any_pieces(self):
        event = json.dumps({"text": "ü" * 300}).encode()
        frame = b"".join([(28 + len(event)).to_bytes(4), b"\x02\0\0\0", (7).to_bytes(8), bytes(16), bytes(12), event])
        with python("def handler(event, context): return len(event['text'])") as sandbox:
            sandbox.init("app.handler")
            for size in (1, 5, 15, 16, 17, 100, len(frame) - 1):
                for start in range(0, len(frame), size):
                    sandbox.channel.sendall(frame[start : start + size])
                    if size > 100 or start < 40:
                        time.sleep(0.002)
                answer = sandbox.receive()
                self.assertEqual((answer.kind, answer.number, answer.body), (RESULT, 7, b"300"))


class Modules(PythonCase):
    def test_directory_and_package(self):
        files = {"src/deep/mod.py": "def handler(event, context): return 'deep'"}
        for name in ("src/deep/mod.handler", "src.deep.mod.handler"):
            self.assertEqual(self.result(files, handler=name), "deep")

    def test_several_files(self):
        files = {"app.py": "import lib\nfrom pack.part import VALUE\ndef handler(e, c): return lib.NAME + VALUE", "lib.py": "NAME = 'a'", "pack/part.py": "VALUE = 'b'"}
        self.assertEqual(self.result(files), "ab")

    def test_a_class_instance_as_handler(self):
        self.assertEqual(self.result("class H:\n  def __call__(self, e, c): return 'called'\nhandler = H()"), "called")

    def test_malformed_names(self):
        for name in ("app", "app.", ".handler", "..app.handler"):
            self.assertEqual(self.init_error("", name)["errorType"], "Runtime.MalformedHandlerName", name)

    def test_missing_module(self):
        error = self.init_error("", "nope.handler")
        self.assertEqual(error["errorType"], "Runtime.ImportModuleError")
        self.assertEqual(error["errorMessage"], "Unable to import module 'nope': No module named 'nope'")

    def test_missing_dependency(self):
        error = self.init_error("import requestz")
        self.assertEqual(error["errorMessage"], "Unable to import module 'app': No module named 'requestz'")
        self.assertIn("app.py", json.dumps(error["trace"]))
        self.assertNotIn("bootstrap", json.dumps(error))

    def test_syntax_error(self):
        error = self.init_error("x = 1\ndef handler(event, context:\n  return 1")
        self.assertEqual(error["errorType"], "Runtime.UserCodeSyntaxError")
        self.assertTrue(error["errorMessage"].startswith("Syntax error in module 'app': "), error)
        self.assertRegex(error["trace"][0], r'File "/.*/app\.py", line 2\n')

    def test_source_that_is_not_utf8(self):
        self.assertEqual(self.init_error(b"x = '\xff'")["errorType"], "Runtime.UserCodeSyntaxError")

    def test_missing_handler(self):
        error = self.init_error("")
        self.assertEqual((error["errorType"], error["errorMessage"]), ("Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"))

    def test_a_file_named_like_a_module_of_python(self):
        error = self.init_error({"json.py": "def handler(e, c): return 1"}, "json.handler")
        self.assertIn("give the file another name", error["errorMessage"])

    def test_a_handler_that_is_no_function(self):
        self.assertIn("not callable but int", self.init_error("handler = 42")["errorMessage"])

    def test_error_while_loading(self):
        error = self.init_error("def set_up():\n  raise RuntimeError('no database')\nset_up()")
        self.assertEqual((error["errorType"], error["errorMessage"]), ("RuntimeError", "no database"))
        self.assertEqual(len(error["trace"]), 2, error["trace"])

    def test_exit_while_loading(self):
        with python("import sys; sys.exit(4)") as sandbox:
            self.assertIsNone(sandbox.init("app.handler"))
            self.assertEqual(sandbox.ended()[0], 4)

    def test_loading_is_logged(self):
        with python("print('loading')\ndef handler(e, c): pass") as sandbox:
            self.assertEqual(sandbox.init("app.handler").log, "loading\n")


class Calling(PythonCase):
    def test_event(self):
        self.assertEqual(self.result("def handler(event, context): return f\"Hello, {event['name']}!\"", {"name": "Alice"}), "Hello, Alice!")

    def test_no_event_is_an_empty_dictionary(self):
        self.assertEqual(self.result("def handler(e, c): return e", b""), {})

    def test_event_that_is_not_json(self):
        for event in (b"{", b"\xff\xfe", b"nope", b"[" * 100_000):
            self.assertEqual(self.error("def handler(e, c): return e", event)["errorType"], "Runtime.UnmarshalError")

    def test_numbers_belong_to_their_invocations(self):
        with python("def handler(e, c): return e") as sandbox:
            sandbox.init("app.handler")
            for number in (1, 0xFFFFFFFFFFFFFFFF, 0x8000000000000000, 42):
                answer = sandbox.invoke(str(number % 97).encode(), number)
                self.assertEqual((answer.number, answer.json), (number, number % 97))

    def test_large_event_and_large_result(self):
        text = "é" * 1_500_000
        self.assertEqual(self.result("def handler(e, c): return e", {"text": text}), {"text": text})

    def test_none_is_null(self):
        self.assertEqual(self.answer("def handler(e, c): pass").body, b"null")

    def test_decimals_and_surrogates(self):
        source = "from decimal import Decimal\ndef handler(e, c): return [Decimal('3'), Decimal('2.5'), '\\ud800', 'é']"
        self.assertEqual(self.result(source), [3, 2.5, "\ud800", "é"])

    def test_results_that_are_not_json(self):
        rows = {"{1, 2}": "set", "b'x'": "bytes", "float('nan')": "", "{(1, 2): 3}": "", "(lambda a: a.append(a) or a)([])": "Circular"}
        for value, hint in rows.items():
            error = self.error(f"def handler(e, c): return {value}")
            self.assertEqual(error["errorType"], "Runtime.MarshalError")
            self.assertIn(hint, error["errorMessage"])

    def test_async_handlers_are_explained(self):
        error = self.error("async def handler(e, c): return 1")
        self.assertEqual(error["errorType"], "Runtime.MarshalError")
        self.assertIn("asyncio.run", error["errorMessage"])

    def test_largest_result(self):
        self.assertEqual(len(self.answer("def handler(e, c): return 'x' * 6291554").body), 6_291_556)

    def test_too_large_a_result(self):
        for text in ("'x' * 6291555", "'€' * 2200000"):
            error = self.error(f"def handler(e, c): return {text}")
            self.assertEqual(error["errorType"], "Function.ResponseSizeTooLarge")

    def test_context(self):
        request_id = uuid.uuid4()
        source = "def handler(e, c): return {n: getattr(c, n) for n in e['names']} | {'custom': c.client_context.custom, 'identity': c.identity.cognito_identity_id}"
        expected = {
            "aws_request_id": str(request_id),
            "function_name": "hello",
            "function_version": "3",
            "memory_limit_in_mb": "128",
            "invoked_function_arn": "arn:aws:lambda:local:123456789012:function:hello:3",
            "log_group_name": "/aws/lambda/hello",
            "log_stream_name": "2026/11/21/[3]0123456789abcdef",
            "tenant_id": None,
        }
        context = self.result(source, {"names": list(expected)}, request_id=request_id, client_context=b'{"custom":{"a":1}}')
        self.assertEqual(context, expected | {"custom": {"a": 1}, "identity": None})

    def test_no_client_context(self):
        self.assertTrue(self.result("def handler(e, c): return c.client_context is None"))

    def test_remaining_time(self):
        source = "def handler(e, c): return c.get_remaining_time_in_millis()"
        now = int(time.time() * 1000)
        self.assertTrue(1000 < self.result(source, deadline=now + 10_000) <= 10_000)
        self.assertEqual(self.result(source, deadline=now - 10_000), 0)

    def test_environment(self):
        with python("import os, time\ndef handler(e, c): return dict(os.environ) | {'cwd': os.getcwd(), 'zone': time.tzname[0]}") as sandbox:
            sandbox.init("app.handler", {"GREETING": "Hé", "TZ": "Asia/Tokyo", "_HANDLER": "mine"}, 256)
            env = sandbox.invoke().json
            root = sandbox.task_root
        self.assertEqual((env["GREETING"], env["zone"], env["_HANDLER"]), ("Hé", "JST", "app.handler"))
        self.assertEqual((env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], env["AWS_REGION"]), ("256", "local"))
        self.assertEqual((env["LAMBDA_TASK_ROOT"], env["cwd"]), (root, root))


class Errors(PythonCase):
    def test_raised(self):
        error = self.error("def inner():\n  raise ValueError('py bad')\ndef handler(e, c):\n  inner()")
        self.assertEqual((error["errorType"], error["errorMessage"], error["fatal"]), ("ValueError", "py bad", False))
        self.assertEqual(len(error["trace"]), 2, error["trace"])
        self.assertRegex(error["trace"][1], r'^  File "/.*/app\.py", line 2, in inner\n    raise ValueError')

    def test_is_logged(self):
        log = self.answer("def handler(e, c):\n  raise ValueError('py bad')").log
        self.assertRegex(log, r'^\[ERROR\] ValueError: py bad\nTraceback \(most recent call last\):\n  File "/.*/app\.py", line 2, in handler\n')

    def test_keyboard_interrupt_and_other_base_exceptions(self):
        for name in ("KeyboardInterrupt", "GeneratorExit"):
            self.assertEqual(self.error(f"def handler(e, c): raise {name}")["errorType"], name)

    def test_an_error_that_cannot_be_read(self):
        source = "class E(Exception):\n  def __str__(self): raise RuntimeError\ndef handler(e, c): raise E"
        self.assertIn("cannot be shown", self.error(source)["errorMessage"])

    def test_endless_recursion(self):
        self.assertEqual(self.error("def handler(e, c): return handler(e, c)")["errorType"], "RecursionError")

    def test_enormous_errors_are_cut(self):
        answer = self.answer("def handler(e, c): raise ValueError('\\0é' * 3_000_000)")
        self.assertLessEqual(len(answer.body), 256 * 1024)
        self.assertTrue(answer.json["errorMessage"].endswith("… (cut)"))
        self.assertLess(len(answer.log), 600_000)

    def test_next_call_works_after_an_error(self):
        with python("def handler(e, c): return 1 / e") as sandbox:
            sandbox.init("app.handler")
            self.assertEqual(sandbox.invoke(0).json["errorType"], "ZeroDivisionError")
            self.assertEqual(sandbox.invoke(2).json, 0.5)


class Ends(PythonCase):
    def test_exit_in_the_handler(self):
        with python("import sys\ndef handler(e, c):\n  print('bye', end='')\n  sys.exit(3)") as sandbox:
            sandbox.init("app.handler")
            self.assertIsNone(sandbox.invoke())
            self.assertEqual(sandbox.ended(), (3, "bye"))

    def test_hard_exit_loses_no_log(self):
        with python("import os\ndef handler(e, c):\n  print('unfinished', end='')\n  os._exit(9)") as sandbox:
            sandbox.init("app.handler")
            self.assertIsNone(sandbox.invoke())
            self.assertEqual(sandbox.ended(), (9, "unfinished"))


class Log(PythonCase):
    def test_logging(self):
        request_id = uuid.uuid4()
        source = "import logging\nlog = logging.getLogger('mine')\nlog.setLevel('INFO')\ndef handler(e, c):\n  log.info('a %d', 1)\n  logging.error('b')\n  log.debug('no')"
        log = self.answer(source, request_id=request_id).log
        self.assertRegex(log, rf"^\[INFO\]\t{TIME}\t{request_id}\ta 1\n\[ERROR\]\t{TIME}\t{request_id}\tb\n$")

    def test_order_of_streams_and_children(self):
        source = """
import os, sys
def handler(e, c):
    print('1', end=' ')
    print('2', end=' ', file=sys.stderr)
    os.system('printf "3 "; printf "4 " >&2')
    sys.stdout.write('5')
"""
        self.assertEqual(self.answer(source).log, "1 2 3 4 5")

    def test_bytes_and_surrogates(self):
        source = "import sys\ndef handler(e, c):\n  sys.stdout.buffer.write(bytes([0, 255, 27]))\n  print('\\ud800é')"
        self.assertEqual(self.answer(source).log, "\0\ufffd\x1b\\ud800é\n")

    def test_a_replaced_stream_is_flushed(self):
        source = "import io, sys\nsys.stdout = io.TextIOWrapper(open(1, 'wb', closefd=False), write_through=False)\ndef handler(e, c):\n  print('held back')"
        self.assertEqual(self.answer(source).log, "held back\n")

    def test_megabytes(self):
        answer = self.answer("def handler(e, c):\n  print('x' * 3_000_000)\n  return 'done'")
        self.assertEqual((answer.json, answer.log.count("x")), ("done", 3_000_000))

    def test_is_complete_when_the_answer_is_there(self):
        with python("def handler(e, c):\n  for i in range(50): print('line', i)\n  return e['n']") as sandbox:
            sandbox.init("app.handler")
            for n in range(50):
                answer = sandbox.invoke({"n": n})
                self.assertEqual((answer.json, answer.log.count("\n")), (n, 50))


class Privacy(PythonCase):
    def test_children_do_not_inherit_the_channel(self):
        source = "import os, subprocess\ndef handler(e, c):\n  links = subprocess.run('readlink /proc/$$/fd/*', shell=True, capture_output=True, text=True, close_fds=False).stdout.split()\n  return os.readlink('/proc/self/fd/3') in links"
        self.assertEqual(self.result(source), False)

    def test_a_forked_child_cannot_answer(self):
        source = """
import os
def handler(e, c):
    child = os.fork()
    if child == 0:
        return 'from the child'
    os.waitpid(child, 0)
    return 'from the parent'
"""
        with python(source) as sandbox:
            sandbox.init("app.handler")
            self.assertEqual([sandbox.invoke().json for _ in range(3)], ["from the parent"] * 3)


class Several(PythonCase):
    """Several invocations at once, where the function asks for it."""

    SOURCE = """
import logging, time

def handler(event, context):
    time.sleep(event["millis"] / 1000)
    logging.warning(event["say"])
    if event.get("fail"):
        raise ValueError(event["say"])
    return event["say"]
"""

    def test_each_answer_carries_the_number_of_its_invocation(self):
        with python(self.SOURCE) as sandbox:
            self.assertEqual(sandbox.init("app.handler", concurrency=3).kind, READY)
            for number in (1, 2, 3):
                sandbox.send_invoke({"millis": 400 - 100 * number, "say": number}, number)
            answers = [sandbox.receive() for _ in range(3)]
        self.assertEqual([(answer.number, answer.json) for answer in answers], [(3, 3), (2, 2), (1, 1)])

    def test_a_log_line_carries_the_request_id_of_its_invocation(self):
        ids = {number: uuid.uuid4() for number in (1, 2)}
        with python(self.SOURCE) as sandbox:
            sandbox.init("app.handler", concurrency=2)
            for number, request_id in ids.items():
                sandbox.send_invoke({"millis": 300 - 100 * number, "say": f"I am {number}"}, number, request_id=request_id)
            log = "".join(sandbox.receive().log for _ in range(2))
        for number, request_id in ids.items():
            self.assertRegex(log, rf"{request_id}\t.*I am {number}")

    def test_an_error_of_one_is_its_own(self):
        with python(self.SOURCE) as sandbox:
            sandbox.init("app.handler", concurrency=2)
            sandbox.send_invoke({"millis": 200, "say": "good"}, 1)
            sandbox.send_invoke({"millis": 1, "say": "bad", "fail": True}, 2)
            answers = [sandbox.receive(), sandbox.receive()]
        self.assertEqual([(answer.number, answer.kind) for answer in answers], [(2, ERROR), (1, RESULT)])


class Warned(PythonCase):
    """SIGTERM shortly before the deadline."""

    def test_without_a_listener_nothing_happens(self):
        with python("""
import time

def handler(event, context):
    time.sleep(0.6)
    return "done"
""") as sandbox:
            sandbox.init("app.handler")
            sandbox.send_invoke()
            time.sleep(0.2)
            os.kill(sandbox.pid, signal.SIGTERM)
            self.assertEqual(sandbox.receive().json, "done")


if __name__ == "__main__":
    unittest.main()
