"""The handler contract of nodejs20.x and nodejs22.x, row by row."""

import base64
import json
import os
import signal
import time
import unittest
import uuid

from platform_side import ERROR, HELLO, INIT_ERROR, NODE, READY, RESULT, Sandbox

LOG_LINE = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t%s\t%s\t%s\n"


def node(files, environment=None):
    return Sandbox(NODE, {"index.js": files} if isinstance(files, (str, bytes)) else files, environment)


class NodeCase(unittest.TestCase):
    def answer(self, source, event=b"{}", handler="index.handler", **invocation):
        with node(source) as sandbox:
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

    def init_error(self, files, handler="index.handler"):
        with node(files) as sandbox:
            answer = sandbox.init(handler)
            self.assertEqual(answer.kind, INIT_ERROR, answer)
            return answer.json


class Stem(NodeCase):
    def test_says_which_runtime_it_is(self):
        with node("", {"FUNKHAUS_RUNTIME": "nodejs22.x"}) as sandbox:
            hello = sandbox.hello()
        self.assertEqual(hello.kind, HELLO)
        self.assertEqual(hello.json["protocol"], 1)
        self.assertEqual(hello.json["runtime"], "nodejs22.x")
        self.assertRegex(hello.json["languageVersion"], r"^\d+\.\d+\.\d+$")

    def test_ends_when_the_platform_closes_the_channel(self):
        with node("") as sandbox:
            sandbox.hello()
            sandbox.channel.close()
            self.assertEqual(sandbox.ended()[0], 0)

    def test_refuses_an_invocation_before_init(self):
        with node("") as sandbox:
            sandbox.hello()
            sandbox.send_invoke()
            status, log = sandbox.ended()
        self.assertEqual(status, 70)
        self.assertIn('a frame of type 2 in state "stem"', log)

    def test_takes_a_frame_in_any_pieces(self):
        event = json.dumps({"text": "ü" * 300}).encode()
        frame = b"".join([(28 + len(event)).to_bytes(4), b"\x02\0\0\0", (7).to_bytes(8), bytes(16), bytes(12), event])
        with node("exports.handler = async (event) => event.text.length") as sandbox:
            sandbox.init("index.handler")
            for size in (1, 5, 15, 16, 17, 100, len(frame) - 1):
                for start in range(0, len(frame), size):
                    sandbox.channel.sendall(frame[start : start + size])
                    if size > 100 or start < 40:
                        time.sleep(0.002)
                answer = sandbox.receive()
                self.assertEqual((answer.kind, answer.number, answer.body), (RESULT, 7, b"300"))


class Modules(NodeCase):
    def test_commonjs(self):
        self.assertEqual(self.result("exports.handler = async () => 'cjs'"), "cjs")

    def test_module_exports_assigned(self):
        self.assertEqual(self.result("module.exports = { handler: async () => 'assigned' }"), "assigned")

    def test_mjs(self):
        self.assertEqual(self.result({"index.mjs": "export const handler = async () => 'mjs'"}), "mjs")

    def test_cjs_ending(self):
        self.assertEqual(self.result({"index.cjs": "exports.handler = async () => 'cjs'"}), "cjs")

    def test_package_type_module(self):
        files = {"package.json": '{"type":"module"}', "index.js": "import fs from 'fs'; export const handler = async () => typeof fs.statSync"}
        self.assertEqual(self.result(files), "function")

    def test_module_syntax_in_a_plain_js_file(self):
        answer = self.answer("import { sep } from 'node:path'; export const handler = async () => sep")
        self.assertEqual((answer.json, answer.log), ("/", ""))

    def test_top_level_await(self):
        source = "const value = await new Promise(r => setTimeout(r, 10, 'later')); export const handler = async () => value"
        self.assertEqual(self.result(source), "later")
        self.assertEqual(self.result({"index.mjs": source}), "later")

    def test_default_export(self):
        self.assertEqual(self.result({"index.mjs": "export default { handler: async () => 'default' }"}), "default")

    def test_directories_and_nested_exports(self):
        files = {"src/deep/app.js": "exports.api = { v1: { get: async () => 'nested' } }"}
        self.assertEqual(self.result(files, handler="src/deep/app.api.v1.get"), "nested")

    def test_package_as_handler(self):
        files = {"node_modules/pack/index.js": "exports.handler = async () => 'package'"}
        self.assertEqual(self.result(files, handler="pack.handler"), "package")

    def test_several_files_and_node_modules(self):
        files = {
            "index.js": "const a = require('./lib/a'); const p = require('p'); exports.handler = async () => a + p",
            "lib/a.js": "module.exports = 'a'",
            "node_modules/p/index.js": "module.exports = 'p'",
        }
        self.assertEqual(self.result(files), "ap")

    def test_malformed_names(self):
        for name in ("index", "index.", ".handler", "../index.handler", "a/../../b.c"):
            self.assertEqual(self.init_error("exports.handler = 1", name)["errorType"], "Runtime.MalformedHandlerName", name)

    def test_missing_module(self):
        error = self.init_error("", "other.handler")
        self.assertEqual(error["errorType"], "Runtime.ImportModuleError")
        self.assertIn("Cannot find module 'other'", error["errorMessage"])

    def test_missing_dependency(self):
        error = self.init_error("require('left-pad')")
        self.assertEqual(error["errorType"], "Runtime.ImportModuleError")
        self.assertIn("Cannot find module 'left-pad'", error["errorMessage"])
        self.assertIn("index.js", json.dumps(error["trace"]))
        self.assertNotIn("bootstrap", json.dumps(error))
        self.assertNotIn("/nodejs/handler", json.dumps(error))
        error = self.init_error({"index.mjs": "import 'left-pad'"})
        self.assertEqual(error["errorType"], "Runtime.ImportModuleError")

    def test_syntax_error(self):
        for name in ("index.js", "index.mjs"):
            error = self.init_error({name: "const ok = 1;\nconst handler = async ( => 1"})
            self.assertEqual(error["errorType"], "Runtime.UserCodeSyntaxError")
            self.assertIn("SyntaxError: ", error["errorMessage"])
            self.assertIn(f"{name}:2", json.dumps(error["trace"]))
            self.assertNotIn("node:internal", json.dumps(error["trace"]))

    def test_syntax_error_in_another_file(self):
        for name in ("lib.js", "lib.mjs"):
            main = f"import './{name}'; export const handler = 1" if name == "lib.mjs" else "require('./lib')"
            error = self.init_error({"index.mjs" if name == "lib.mjs" else "index.js": main, name: "\nlet let = 1"})
            self.assertEqual(error["errorType"], "Runtime.UserCodeSyntaxError")
            self.assertIn(f"{name}:2", json.dumps(error["trace"]))

    def test_missing_export(self):
        error = self.init_error("exports.other = 1")
        self.assertEqual(error["errorType"], "Runtime.HandlerNotFound")
        self.assertEqual(error["errorMessage"], "index.handler is undefined or not exported")

    def test_export_that_is_no_function(self):
        self.assertEqual(self.init_error("exports.handler = 42")["errorType"], "Runtime.HandlerNotFound")

    def test_error_while_loading(self):
        error = self.init_error("function setUp() { throw new RangeError('no database') }\nsetUp()")
        self.assertEqual((error["errorType"], error["errorMessage"]), ("RangeError", "no database"))
        self.assertEqual(error["trace"][0], "RangeError: no database")
        self.assertRegex(error["trace"][1], r"at setUp \(/.*/index\.js:1:")
        self.assertEqual(len(error["trace"]), 3, error["trace"])

    def test_uncaught_exception_while_loading_is_fatal(self):
        with node("setTimeout(() => { throw new Error('late') }, 5); await new Promise(r => setTimeout(r, 5000)); export const handler = 1") as sandbox:
            error = sandbox.init("index.handler")
            self.assertEqual((error.kind, error.json["errorMessage"], error.json["fatal"]), (INIT_ERROR, "late", True))
            self.assertEqual(sandbox.ended()[0], 129)

    def test_a_module_that_never_finishes_loading(self):
        error = self.init_error("await new Promise(() => {}); export const handler = async () => 1")
        self.assertIn("never ends", error["errorMessage"])

    def test_loading_is_logged_with_a_dash(self):
        with node("console.log('loading'); exports.handler = async () => 1") as sandbox:
            self.assertRegex(sandbox.init("index.handler").log, LOG_LINE % ("-", "INFO", "loading"))


class Calling(NodeCase):
    def test_event(self):
        self.assertEqual(self.result("exports.handler = async (e) => `Hello, ${e.name}!`", {"name": "Alice"}), "Hello, Alice!")

    def test_no_event_is_an_empty_object(self):
        self.assertEqual(self.result("exports.handler = async (e) => e", b""), {})

    def test_event_that_is_not_json(self):
        for event in (b"{", b"\xff\xfe", b"nope"):
            self.assertEqual(self.error("exports.handler = async (e) => e", event)["errorType"], "Runtime.UnmarshalError")

    def test_numbers_belong_to_their_invocations(self):
        with node("exports.handler = async (e) => e") as sandbox:
            sandbox.init("index.handler")
            for number in (1, 0xFFFFFFFFFFFFFFFF, 0x8000000000000000, 42):
                answer = sandbox.invoke(str(number % 97).encode(), number)
                self.assertEqual((answer.number, answer.json), (number, number % 97))

    def test_large_event_and_large_result(self):
        text = "é" * 1_500_000
        answer = self.answer("exports.handler = async (e) => e", {"text": text})
        self.assertEqual(answer.json, {"text": text})

    def test_callback(self):
        self.assertEqual(self.result("exports.handler = (e, c, callback) => callback(null, 'called')"), "called")

    def test_callback_error(self):
        self.assertEqual(self.error("exports.handler = (e, c, callback) => callback(new Error('no'))")["errorMessage"], "no")

    def test_callback_waits_for_an_empty_event_loop(self):
        source = "exports.handler = (e, c, cb) => { setTimeout(() => console.log('timer'), 30); cb(null, 1) }"
        self.assertIn("timer", self.answer(source).log)

    def test_callback_need_not_wait(self):
        source = "exports.handler = (e, c, cb) => { c.callbackWaitsForEmptyEventLoop = false; setTimeout(() => console.log('timer'), 30); cb(null, 1) }"
        answer = self.answer(source)
        self.assertEqual((answer.json, answer.log), (1, ""))

    def test_only_the_first_callback_counts(self):
        self.assertEqual(self.result("exports.handler = (e, c, cb) => { cb(null, 1); cb(null, 2); cb(new Error('3')) }"), 1)

    def test_succeed_fail_done_do_not_wait(self):
        source = "exports.handler = (e, c) => { setTimeout(() => {}, 60000); c[e.how](...e.values) }"
        with node(source) as sandbox:
            sandbox.init("index.handler")
            self.assertEqual(sandbox.invoke({"how": "succeed", "values": [1]}).json, 1)
            self.assertEqual(sandbox.invoke({"how": "done", "values": [None, 2]}).json, 2)
            for how in ("fail", "done"):
                self.assertEqual(sandbox.invoke({"how": how, "values": ["bad"]}).json, {"errorType": "string", "errorMessage": "bad", "trace": [], "fatal": False})
            self.assertEqual(sandbox.invoke({"how": "fail", "values": []}).json["errorMessage"], "handled")

    def test_thenable(self):
        self.assertEqual(self.result("exports.handler = () => ({ then: (ok) => ok('then') })"), "then")

    def test_no_answer_is_null(self):
        self.assertEqual(self.answer("exports.handler = () => {}").body, b"null")

    def test_a_promise_that_nothing_will_ever_settle_is_null(self):
        self.assertEqual(self.answer("exports.handler = () => new Promise(() => {})").body, b"null")

    def test_a_returned_value_that_is_ignored_is_said_so(self):
        answer = self.answer("exports.handler = () => 'lost'")
        self.assertEqual(answer.body, b"null")
        self.assertRegex(answer.log, LOG_LINE % (".*", "WARN", "The handler returned a value but .*"))

    def test_a_late_answer_is_nobodys(self):
        source = "let old; exports.handler = (e, c, cb) => { if (e.first) { old = cb; c.succeed('first') } else { old(null, 'stale'); c.succeed('second') } }"
        with node(source) as sandbox:
            sandbox.init("index.handler")
            self.assertEqual(sandbox.invoke({"first": True}, 1).json, "first")
            answer = sandbox.invoke({}, 2)
            self.assertEqual((answer.number, answer.json), (2, "second"))

    def test_undefined_and_functions_are_null(self):
        for value in ("undefined", "() => 1", "Symbol('x')"):
            self.assertEqual(self.answer(f"exports.handler = async () => ({value})").body, b"null")

    def test_context(self):
        request_id = uuid.uuid4()
        source = "exports.handler = async (e, c) => ({ ...c, functions: Object.keys(c).filter((k) => typeof c[k] === 'function'), keys: Object.keys(c) })"
        context = self.result(source, request_id=request_id, client_context=b'{"custom":{"a":1}}')
        expected = {
            "callbackWaitsForEmptyEventLoop": True,
            "functionName": "hello",
            "functionVersion": "3",
            "memoryLimitInMB": "128",
            "logGroupName": "/aws/lambda/hello",
            "logStreamName": "2026/11/21/[3]0123456789abcdef",
            "clientContext": {"custom": {"a": 1}},
            "invokedFunctionArn": "arn:aws:lambda:local:123456789012:function:hello:3",
            "awsRequestId": str(request_id),
        }
        self.assertEqual({key: context[key] for key in expected}, expected)
        self.assertEqual(context["functions"], ["succeed", "fail", "done", "getRemainingTimeInMillis"])
        self.assertTrue({"identity", "tenantId"} <= set(context["keys"]))

    def test_remaining_time(self):
        source = "exports.handler = async (e, { getRemainingTimeInMillis: left }) => left()"
        now = int(time.time() * 1000)
        self.assertTrue(1000 < self.result(source, deadline=now + 10_000) <= 10_000)
        self.assertEqual(self.result(source, deadline=now - 10_000), 0)

    def test_environment(self):
        with node("exports.handler = async () => ({ ...process.env, cwd: process.cwd(), root: __dirname })") as sandbox:
            sandbox.init("index.handler", {"GREETING": "Hé", "TZ": "Asia/Tokyo", "_HANDLER": "mine"}, 256)
            env = sandbox.invoke().json
        self.assertEqual((env["GREETING"], env["TZ"], env["_HANDLER"]), ("Hé", "Asia/Tokyo", "index.handler"))
        self.assertEqual((env["AWS_LAMBDA_FUNCTION_NAME"], env["AWS_LAMBDA_FUNCTION_VERSION"]), ("hello", "3"))
        self.assertEqual((env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], env["AWS_REGION"]), ("256", "local"))
        self.assertEqual((env["AWS_LAMBDA_LOG_GROUP_NAME"], env["LAMBDA_TASK_ROOT"]), ("/aws/lambda/hello", env["root"]))
        self.assertEqual(env["AWS_LAMBDA_LOG_STREAM_NAME"], "2026/11/21/[3]0123456789abcdef")
        self.assertEqual(env["cwd"], env["root"])


    def test_size_of_the_thread_pool(self):
        source = """
        const fs = require('fs');
        const threads = () => fs.readdirSync('/proc/self/task').length;
        exports.handler = async () => {
          const before = threads();
          await fs.promises.stat('/');
          return threads() - before;
        }"""
        with node(source) as sandbox:
            sandbox.init("index.handler", {"UV_THREADPOOL_SIZE": "9"})
            self.assertEqual(sandbox.invoke().json, 9)

    def test_node_options(self):
        source_map = base64.b64encode(b'{"version":3,"sources":["original.ts"],"names":[],"mappings":"AASA"}').decode()
        source = f"exports.handler = async () => {{ throw new Error('x') }}\n//# sourceMappingURL=data:application/json;base64,{source_map}\n"
        with node(source) as sandbox:
            log = sandbox.init("index.handler", {"NODE_OPTIONS": "--enable-source-maps --inspect"}).log
            self.assertRegex(log, "WARN\tNODE_OPTIONS: --inspect has no effect here")
            self.assertIn("original.ts:10", json.dumps(sandbox.invoke().json["trace"]))


class Errors(NodeCase):
    def test_thrown_in_async_and_plain_handlers(self):
        for keyword in ("async ", ""):
            error = self.error(f"exports.handler = {keyword}() => {{\n  throw new TypeError('bad')\n}}")
            self.assertEqual((error["errorType"], error["errorMessage"], error["fatal"]), ("TypeError", "bad", False))
            self.assertEqual(error["trace"][0], "TypeError: bad")
            self.assertRegex(error["trace"][1], r"^ +at .*/index\.js:2:9\)?$")
            self.assertEqual(len(error["trace"]), 2, error["trace"])

    def test_own_name(self):
        self.assertEqual(self.error("class E extends Error { name = 'Own' }; exports.handler = async () => { throw new E('x') }")["errorType"], "Own")

    def test_thrown_values(self):
        rows = {"'text'": ("string", "text"), "42": ("number", "42"), "{ code: 1 }": ("object", '{"code":1}'), "null": ("string", "handled")}
        for value, expected in rows.items():
            error = self.error(f"exports.handler = async () => {{ throw {value} }}")
            self.assertEqual((error["errorType"], error["errorMessage"], error["trace"]), (*expected, []))

    def test_an_error_that_cannot_be_read(self):
        source = "exports.handler = async () => { const e = new Error('x'); Object.defineProperty(e, 'message', { get() { throw 1 } }); throw e }"
        self.assertIn("cannot be shown", self.error(source)["errorMessage"])

    def test_is_logged(self):
        answer = self.answer("exports.handler = async () => { throw new Error('bad') }")
        self.assertRegex(answer.log, LOG_LINE % (".*", "ERROR", r'Invoke Error \t\{"errorType":"Error","errorMessage":"bad","stack":\["Error: bad",.*\}'))

    def test_results_that_are_not_json(self):
        for value in ("(() => { const a = {}; a.a = a; return a })()", "10n", "{ toJSON() { throw new Error('no') } }"):
            self.assertEqual(self.error(f"exports.handler = async () => ({value})")["errorType"], "Runtime.JSONStringifyError")

    def test_largest_result(self):
        self.assertEqual(len(self.answer("exports.handler = async () => 'x'.repeat(6291554)").body), 6_291_556)

    def test_too_large_a_result(self):
        for text in ("'x'.repeat(6291555)", "'€'.repeat(2200000)"):
            error = self.error(f"exports.handler = async () => {text}")
            self.assertEqual(error["errorType"], "Function.ResponseSizeTooLarge")
            self.assertIn("6291556 bytes", error["errorMessage"])

    def test_enormous_errors_are_cut(self):
        answer = self.answer("exports.handler = async () => { throw new Error('\\0é'.repeat(3e6)) }")
        self.assertLessEqual(len(answer.body), 256 * 1024)
        self.assertTrue(answer.json["errorMessage"].endswith("… (cut)"))

    def test_next_call_works_after_an_error(self):
        with node("exports.handler = async (e) => { if (e.bad) throw new Error('bad'); return 'good' }") as sandbox:
            sandbox.init("index.handler")
            self.assertEqual(sandbox.invoke({"bad": 1}).kind, ERROR)
            self.assertEqual(sandbox.invoke().json, "good")


class Ends(NodeCase):
    def fatal(self, source):
        with node(source) as sandbox:
            sandbox.init("index.handler")
            answer = sandbox.invoke()
            return answer, *sandbox.ended()

    def test_uncaught_exception(self):
        answer, status, _ = self.fatal("exports.handler = () => new Promise(() => { setImmediate(() => { throw new Error('boom') }) })")
        self.assertEqual((answer.kind, answer.json["errorType"], answer.json["fatal"], status), (ERROR, "Error", True, 129))
        self.assertIn("Uncaught Exception", answer.log)

    def test_unhandled_rejection(self):
        answer, status, _ = self.fatal("exports.handler = async () => { Promise.reject(new Error('lost')); await new Promise(r => setTimeout(r, 1000)) }")
        error = answer.json
        self.assertEqual((error["errorType"], error["errorMessage"]), ("Runtime.UnhandledPromiseRejection", "Error: lost"))
        self.assertEqual((error["fatal"], status), (True, 128))

    def test_exit_in_the_handler(self):
        answer, status, log = self.fatal("exports.handler = async () => { console.log('bye'); process.stdout.write('unfinished'); process.exit(3) }")
        self.assertIsNone(answer)
        self.assertEqual(status, 3)
        self.assertIn("bye\n", log)
        self.assertTrue(log.endswith("unfinished"))

    def test_exit_after_megabytes_of_log(self):
        with node("exports.handler = async () => { console.log('x'.repeat(50000)); process.exit(0) }") as sandbox:
            sandbox.init("index.handler")
            sandbox.send_invoke()
            self.assertGreater(len(sandbox.ended()[1]), 50_000)

    def test_uncaught_exception_between_invocations_is_no_answer(self):
        with node("exports.handler = async () => { setTimeout(() => { throw new Error('late') }, 20); return 1 }") as sandbox:
            sandbox.init("index.handler")
            self.assertEqual(sandbox.invoke().json, 1)
            self.assertIsNone(sandbox.receive())
            self.assertEqual(sandbox.ended()[0], 129)


class Log(NodeCase):
    def test_levels(self):
        levels = {"log": "INFO", "info": "INFO", "debug": "DEBUG", "warn": "WARN", "error": "ERROR", "fatal": "FATAL"}
        request_id = uuid.uuid4()
        calls = "; ".join(f"console.{method}('%s is %d', '{method}', 1, {{a: 1}})" for method in levels)
        log = self.answer(f"exports.handler = async () => {{ {calls} }}", request_id=request_id).log
        expected = "".join(LOG_LINE % (request_id, level, f"{method} is 1 {{ a: 1 }}") for method, level in levels.items())
        self.assertRegex(log, f"^{expected}$")

    def test_trace_shows_where(self):
        log = self.answer("exports.handler = async () => { console.trace('here') }").log
        self.assertRegex(log, r"\tTRACE\tTrace: here\n    at .*index\.js:1:")
        self.assertNotIn("bootstrap", log)

    def test_raw_output_passes_through(self):
        answer = self.answer("exports.handler = async () => { process.stdout.write(Buffer.from([0, 255, 27])); process.stderr.write('err') }")
        self.assertEqual(answer.log, "\0\ufffd\x1berr")

    def test_order_of_streams_console_and_children(self):
        source = """
        const { execFileSync } = require('child_process');
        exports.handler = async () => {
          process.stdout.write('1 ');
          process.stderr.write('2 ');
          execFileSync('sh', ['-c', 'printf "3 "; printf "4 " >&2'], { stdio: 'inherit' });
          process.stdout.write('5');
        }"""
        self.assertEqual(self.answer(source).log, "1 2 3 4 5")

    def test_other_console_functions(self):
        log = self.answer("exports.handler = async () => { console.table([{ a: 1 }]); console.dir({ b: 2 }); console.assert(false, 'asserted') }").log
        self.assertIn("┌", log)
        self.assertIn("{ b: 2 }", log)
        self.assertRegex(log, "\tWARN\tAssertion failed: asserted\n")

    def test_a_child_that_makes_the_log_non_blocking(self):
        source = """
        const { spawn } = require('child_process');
        exports.handler = async () => {
          const child = spawn(process.execPath, ['-e', 'process.stdout.write("x"); setTimeout(() => {}, 60000)'], { stdio: 'inherit' });
          await new Promise((r) => setTimeout(r, 300));
          console.log('y'.repeat(3e6));
          child.kill();
          return 'done';
        }"""
        with node(source) as sandbox:
            sandbox.init("index.handler")
            answer = sandbox.invoke()
            self.assertEqual((answer.json, answer.log.count("y")), ("done", 3_000_000))

    def test_is_complete_when_the_answer_is_there(self):
        with node("exports.handler = async (e) => { for (let i = 0; i < 50; i++) console.log('line', i); return e.n }") as sandbox:
            sandbox.init("index.handler")
            for n in range(50):
                answer = sandbox.invoke({"n": n})
                self.assertEqual((answer.json, answer.log.count("\n")), (n, 50))

    def test_workers_reach_the_log(self):
        source = """
        const { Worker } = require('worker_threads');
        exports.handler = () => new Promise((resolve) => {
          new Worker('console.log("from a worker")', { eval: true }).on('exit', () => setImmediate(resolve));
        })"""
        self.assertIn("from a worker", self.answer(source).log)


class Privacy(NodeCase):
    def test_children_do_not_inherit_the_channel(self):
        source = """exports.handler = async () => require('child_process').execFileSync(
            'sh', ['-c', 'readlink /proc/$$/fd/* | sort; readlink /proc/' + process.pid + '/fd/3']).toString()"""
        links = self.result(source).split()
        channel = links.pop()
        self.assertIn("socket:", channel)
        self.assertNotIn(channel, links)

    def test_the_channel_is_not_among_the_active_handles(self):
        source = """
        const seen = () => [process._getActiveHandles().length, process.getActiveResourcesInfo().filter((r) => /pipe/i.test(r)).length];
        const loading = seen();
        exports.handler = async () => [loading, seen()]"""
        self.assertEqual(self.result(source), [[0, 0], [0, 0]])

    def test_replaced_globals_do_not_break_the_channel(self):
        source = """
        JSON.stringify = JSON.parse = () => { throw new Error('mine') };
        Date.now = () => 0;
        require('fs').writeSync = () => { throw new Error('mine') };
        exports.handler = async (e, c) => [e.a, c.getRemainingTimeInMillis() > 0]"""
        self.assertEqual(self.result(source, {"a": 1}), [1, True])


class Several(NodeCase):
    """Several invocations at once, where the function asks for it."""

    SOURCE = """
    const sleep = require('node:timers/promises').setTimeout;
    exports.handler = async ({ millis, say, fail }) => {
      await sleep(millis);
      console.log(say);
      if (fail) throw new Error(say);
      return say;
    }"""

    def test_each_answer_carries_the_number_of_its_invocation(self):
        with node(self.SOURCE) as sandbox:
            self.assertEqual(sandbox.init("index.handler", concurrency=3).kind, READY)
            for number in (1, 2, 3):
                sandbox.send_invoke({"millis": 400 - 100 * number, "say": number}, number)
            answers = [sandbox.receive() for _ in range(3)]
        self.assertEqual([(answer.number, answer.json) for answer in answers], [(3, 3), (2, 2), (1, 1)])

    def test_a_log_line_carries_the_request_id_of_its_invocation(self):
        ids = {number: uuid.uuid4() for number in (1, 2)}
        with node(self.SOURCE) as sandbox:
            sandbox.init("index.handler", concurrency=2)
            for number, request_id in ids.items():
                sandbox.send_invoke({"millis": 300 - 100 * number, "say": f"I am {number}"}, number, request_id=request_id)
            log = "".join(sandbox.receive().log for _ in range(2))
        for number, request_id in ids.items():
            self.assertRegex(log, rf"{request_id}\t.*I am {number}")

    def test_an_error_of_one_is_its_own(self):
        with node(self.SOURCE) as sandbox:
            sandbox.init("index.handler", concurrency=2)
            sandbox.send_invoke({"millis": 200, "say": "good"}, 1)
            sandbox.send_invoke({"millis": 1, "say": "bad", "fail": True}, 2)
            answers = [sandbox.receive(), sandbox.receive()]
        self.assertEqual([(answer.number, answer.kind) for answer in answers], [(2, ERROR), (1, RESULT)])


class Warned(NodeCase):
    """SIGTERM shortly before the deadline."""

    def test_without_a_listener_nothing_happens(self):
        with node("""exports.handler = () => new Promise(done => setTimeout(() => done('done'), 600))""") as sandbox:
            sandbox.init("index.handler")
            sandbox.send_invoke()
            time.sleep(0.2)
            os.kill(sandbox.pid, signal.SIGTERM)
            self.assertEqual(sandbox.receive().json, "done")


if __name__ == "__main__":
    unittest.main()
