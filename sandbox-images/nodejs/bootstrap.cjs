/*
 * The language runtime of nodejs20.x and nodejs22.x sandboxes (docs/sandbox-protocol.md).
 *
 * Started by init with the channel as fd 3 and the log as fd 1 and 2. Boots, says HELLO and waits as a stem; INIT
 * loads one handler; from then on each INVOKE is answered by exactly one RESULT or ERROR.
 *
 * What must not be broken: an answer carries the number of the invocation that it belongs to, and a handler that
 * answers twice or too late answers nobody. The warm path is one read, one parse, one call, one write.
 */
'use strict';

const { AsyncLocalStorage } = require('node:async_hooks');
const fs = require('node:fs');
const Module = require('node:module');
const net = require('node:net');
const path = require('node:path');
const { Writable } = require('node:stream');
const { pathToFileURL } = require('node:url');
const { format, types } = require('node:util');
const v8 = require('node:v8');

const CHANNEL_FD = 3;
const LOG_FD = 1;
const HEADER_BYTES = 16;
const MAXIMUM_BODY_BYTES = 7_340_032;
const MAXIMUM_RESULT_BYTES = 6_291_556;
const MAXIMUM_ERROR_BYTES = 256 * 1024;
const INVOKE_FIXED_BYTES = 28;
const Type = { INIT: 0x01, INVOKE: 0x02, HELLO: 0x81, READY: 0x82, INIT_ERROR: 0x83, RESULT: 0x84, ERROR: 0x85 };
const ExitStatus = { PROTOCOL_VIOLATED: 70, UNHANDLED_REJECTION: 128, UNCAUGHT_EXCEPTION: 129 };
const State = { STEM: 'stem', LOADING: 'loading', FAILED: 'failed', IDLE: 'idle', BUSY: 'busy' };

// Taken now, so that function code that replaces one of them breaks itself and not the channel.
const { writeSync } = fs;
const { now } = Date;
const { parse, stringify } = JSON;
const { exit } = process;
const { wait } = Atomics;

let state = State.STEM;
let handler; // the function's code, once loaded
let settings; // `function` of INIT
let concurrency = 1; // invocations that may run at once
let tracks; // where several may run: tells whose code it is that runs
const running = new Set(); // the Invocations in progress
let requestId = '-'; // of the running or the latest invocation, for the log where only one may run

// ---------------------------------------------------------------------------------------------------------------
// Log: fd 1, written synchronously, so that everything is on its way before an answer is, and nothing dies with exit()

const pause = new Int32Array(new SharedArrayBuffer(4));

function writeLog(bytes) {
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(LOG_FD, bytes, offset, bytes.length - offset);
    } catch (error) {
      if (error.code === 'EPIPE') return;
      if (error.code !== 'EAGAIN') throw error; // a child that shares the log has made it non-blocking
      wait(pause, 0, 0, 1);
    }
  }
}

function logLine(level, text) {
  const id = tracks === undefined ? requestId : (tracks.getStore()?.id ?? '-');
  writeLog(Buffer.from(`${new Date(now()).toISOString()}\t${id}\t${level}\t${text}\n`));
}

/** `process.stdout` and `process.stderr` of the function: raw bytes, in order with the console's lines. */
class LogStream extends Writable {
  constructor(fd) {
    super({ decodeStrings: true });
    this.fd = fd;
    this._type = 'pipe';
    this._isStdio = true;
  }

  _write(chunk, _encoding, done) {
    writeLog(chunk);
    done();
  }

  _destroy(_error, done) {
    done(); // as with the originals, the descriptor stays open
  }
}

function replaceStream(name, fd) {
  let stream;
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () => (stream ??= new LogStream(fd)),
  });
}

function patchConsole() {
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' };
  for (const [method, level] of Object.entries(levels)) {
    console[method] = (...values) => logLine(level, format(...values));
  }
  console.trace = (...values) => {
    const here = { name: 'Trace', message: format(...values) };
    Error.captureStackTrace(here, console.trace);
    logLine('TRACE', ownFrames(here.stack).join('\n'));
  };
}

// ---------------------------------------------------------------------------------------------------------------
// Channel

let channel;
let frame; // a frame that did not arrive in one piece: its buffer, and how much of it there is
let frameFilled = 0;
const header = Buffer.alloc(HEADER_BYTES); // the same for a header
let headerFilled = 0;
const outgoing = Buffer.alloc(64 * 1024); // small answers are put together here

function openChannel() {
  channel = new net.Socket({
    fd: CHANNEL_FD,
    readable: true,
    writable: true,
    onread: {
      buffer: Buffer.alloc(64 * 1024),
      callback: (length, buffer) => {
        takeIn(buffer, length);
        return true;
      },
    },
  });
  channel.on('end', () => exit(0));
  channel.on('error', () => exit(0));
}

/** Cuts what has been read into frames, mostly exactly one, and that one is not copied. */
function takeIn(bytes, length) {
  let offset = 0;
  while (offset < length) {
    if (frame === undefined && headerFilled === 0 && length - offset >= HEADER_BYTES) {
      const end = offset + HEADER_BYTES + bodyLength(bytes, offset);
      if (end <= length) {
        receive(bytes, offset, end);
        offset = end;
        continue;
      }
    }
    offset = collect(bytes, offset, length);
  }
}

function collect(bytes, offset, length) {
  if (frame === undefined) {
    const taken = bytes.copy(header, headerFilled, offset, length);
    headerFilled += taken;
    if (headerFilled === HEADER_BYTES) {
      frame = Buffer.allocUnsafe(HEADER_BYTES + bodyLength(header, 0));
      header.copy(frame);
      frameFilled = HEADER_BYTES;
      headerFilled = 0;
    }
    offset += taken;
  }
  if (frame !== undefined) {
    const taken = bytes.copy(frame, frameFilled, offset, length);
    frameFilled += taken;
    offset += taken;
    if (frameFilled === frame.length) {
      const whole = frame;
      frame = undefined;
      receive(whole, 0, whole.length);
    }
  }
  return offset;
}

function bodyLength(bytes, offset) {
  const length = bytes.readUInt32BE(offset);
  if (length > MAXIMUM_BODY_BYTES) violated(`a frame of ${length} bytes; the limit is ${MAXIMUM_BODY_BYTES}`);
  return length;
}

function receive(bytes, start, end) {
  const type = bytes[start + 4];
  if (type === Type.INVOKE && (state === State.IDLE || (state === State.BUSY && running.size < concurrency))) {
    invoke(bytes, start, end);
  } else if (type === Type.INIT && state === State.STEM) {
    initialise(parse(bytes.toString('utf8', start + HEADER_BYTES, end)));
  } else {
    violated(`a frame of type ${type} in state "${state}"`);
  }
}

function violated(what) {
  logLine('FATAL', `The platform sent ${what}; this sandbox ends.`);
  exit(ExitStatus.PROTOCOL_VIOLATED);
}

/**
 * Sends one frame. `number` is the 8-byte number of the invocation, or undefined outside of one. Written synchronously as
 * far as the socket takes it; the stream gets only what is left of a large one.
 */
function send(type, number, text) {
  let buffer = outgoing;
  let length = HEADER_BYTES;
  if (text.length * 3 <= outgoing.length - HEADER_BYTES) {
    length += buffer.write(text, HEADER_BYTES);
  } else {
    length += Buffer.byteLength(text);
    buffer = Buffer.allocUnsafe(length);
    buffer.write(text, HEADER_BYTES);
  }
  buffer.writeUInt32BE(length - HEADER_BYTES, 0);
  buffer.writeUInt32BE(type * 0x1000000, 4);
  if (number === undefined) buffer.fill(0, 8, HEADER_BYTES);
  else number.copy(buffer, 8);

  let sent = 0;
  try {
    sent = writeSync(CHANNEL_FD, buffer, 0, length);
  } catch (error) {
    if (error.code !== 'EAGAIN') exit(0); // the platform is gone, and init is about to kill us
  }
  if (sent < length) channel.write(Buffer.from(buffer.subarray(sent, length)));
}

/** As `send`, for the last words of this process: returns when all of it has been written. */
function sendBeforeExit(type, number, text) {
  const body = Buffer.from(text);
  const bytes = Buffer.alloc(HEADER_BYTES + body.length);
  bytes.writeUInt32BE(body.length, 0);
  bytes[4] = type;
  number?.copy(bytes, 8);
  body.copy(bytes, HEADER_BYTES);
  for (let offset = 0; offset < bytes.length; ) {
    try {
      offset += writeSync(CHANNEL_FD, bytes, offset, bytes.length - offset);
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
      wait(pause, 0, 0, 1);
    }
  }
}

// ---------------------------------------------------------------------------------------------------------------
// INIT: environment, then the handler's module

async function initialise(init) {
  state = State.LOADING;
  channel.unref(); // see invoke()
  settings = init.function;
  concurrency = init.concurrency ?? 1;
  if (concurrency > 1) tracks = new AsyncLocalStorage();
  setEnvironment(init);
  applyNodeOptions(init.environment?.NODE_OPTIONS ?? '');
  limitHeapGrowth(settings.memoryMegabytes);
  try {
    handler = await loadHandler(init.taskRoot, init.handler);
  } catch (error) {
    failInitialisation(error);
    return;
  }
  if (state !== State.LOADING) return; // an uncaught exception came first
  state = State.IDLE;
  channel.ref();
  send(Type.READY, undefined, '');
}

function failInitialisation(error) {
  state = State.FAILED;
  channel.ref(); // nothing more to do but to be killed
  logError('Init Error', error);
  send(Type.INIT_ERROR, undefined, describe(error, false));
}

function setEnvironment({ environment, function: fn, handler: handlerName, taskRoot }) {
  const region = fn.arn.split(':')[3];
  Object.assign(process.env, environment, {
    _HANDLER: handlerName,
    LAMBDA_TASK_ROOT: taskRoot,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: fn.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMegabytes),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: fn.logStream,
  });
  process.chdir(taskRoot);
  if (environment?.NODE_PATH !== undefined) Module._initPaths();
}

/** Node.js has read its options long ago. The one that can be switched on later is; of the others the log tells. */
function applyNodeOptions(options) {
  const tooLate = options.split(/\s+/).filter((option) => option !== '' && option !== '--enable-source-maps');
  if (options.includes('--enable-source-maps')) process.setSourceMapsEnabled(true);
  if (tooLate.length > 0) {
    logLine('WARN', `NODE_OPTIONS: ${tooLate.join(' ')} has no effect here; of these options only --enable-source-maps has.`);
  }
}

/**
 * A stem boots before anyone knows how much memory its function will have, so its heap has no limit of its own: the
 * sandbox's memory is the limit. In exchange the collector must not let garbage pile up to several times of what lives,
 * which is what it does in a large heap.
 */
function limitHeapGrowth(megabytes) {
  const percent = megabytes < 256 ? 20 : megabytes < 1024 ? 40 : 80;
  v8.setFlagsFromString(`--heap-growing-percent=${percent}`);
}

/** An error that the bootstrap itself reports: its name is the error type that callers see. */
function platformError(name, message, cause) {
  const error = new Error(message);
  error.name = name;
  error.stack = cause instanceof Error ? `${name}: ${message}\n${cause.stack}` : `${name}: ${message}`;
  return error;
}

async function loadHandler(taskRoot, name) {
  const base = path.posix.basename(name);
  const directory = name.slice(0, name.length - base.length);
  const match = /^([^.]+)\.(.+)$/.exec(base);
  if (name.includes('..') || !match) {
    throw platformError(
      'Runtime.MalformedHandlerName',
      `'${name}' is not a valid handler name. Write FILE.FUNCTION, for example index.handler.`,
    );
  }
  const [, moduleName, exported] = match;
  const loaded = await loadModule(taskRoot, path.resolve(taskRoot, directory.replace(/^\/+/, ''), moduleName), directory + moduleName);
  const found = resolveExport(loaded, exported) ?? resolveExport(loaded?.default, exported);
  if (found === undefined) {
    throw platformError('Runtime.HandlerNotFound', `${moduleName}.${exported} is undefined or not exported`);
  }
  if (typeof found !== 'function') {
    throw platformError('Runtime.HandlerNotFound', `${moduleName}.${exported} is not a function but ${typeof found}`);
  }
  return found;
}

function resolveExport(loaded, exported) {
  return exported.split('.').reduce((value, key) => value?.[key], loaded);
}

async function loadModule(taskRoot, base, name) {
  const file = findFile(taskRoot, base, name);
  try {
    return await loadFile(file);
  } catch (error) {
    if (error instanceof SyntaxError) {
      locate(error, file, taskRoot);
      throw platformError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`, error);
    }
    if (error?.code === 'MODULE_NOT_FOUND' || error?.code === 'ERR_MODULE_NOT_FOUND') {
      throw platformError('Runtime.ImportModuleError', `Error: ${error.message.replace(`\n- ${ANCHOR}`, '')}`, error);
    }
    throw error;
  }
}

/**
 * Where a syntax error is: in CommonJS its stack begins with that; of an ES module only `node --check` tells. Looks at the
 * handler's file first and then at the others of the bundle, as long as an impatient person would wait.
 */
function locate(error, file, taskRoot) {
  if (!error.stack.startsWith('SyntaxError')) return;
  const { spawnSync } = require('node:child_process');
  const giveUp = now() + 2000;
  const others = fs
    .readdirSync(taskRoot, { recursive: true })
    .filter((name) => /\.(mjs|js)$/.test(name) && !name.includes('node_modules'))
    .map((name) => path.join(taskRoot, name));
  for (const candidate of [file, ...others]) {
    if (now() > giveUp) return;
    const { stderr } = spawnSync(process.execPath, ['--check', candidate], { encoding: 'utf8', timeout: 2000 });
    if (stderr?.includes(`SyntaxError: ${error.message}`)) {
      error.stack = stderr.trimEnd().replace(/\n\nNode\.js v[^\n]*$/, '');
      return;
    }
  }
}

/** The file itself, or with one of the usual endings; else a package of that name in node_modules. */
function findFile(taskRoot, base, name) {
  for (const candidate of [base, `${base}.js`, `${base}.mjs`, `${base}.cjs`]) {
    if (fs.statSync(candidate, { throwIfNoEntry: false })?.isFile()) return candidate;
  }
  try {
    return require.resolve(name, { paths: [taskRoot] });
  } catch {
    throw platformError(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${name}': there is no ${name}.js, ${name}.mjs or ${name}.cjs in ${taskRoot}`,
    );
  }
}

const ESM_ONLY = new Set(['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE']);

/** CommonJS where it can be, because that is quicker; whatever turns out to be an ES module is imported. */
async function loadFile(file) {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file).href);
  try {
    return userRequire(file);
  } catch (error) {
    if (ESM_ONLY.has(error?.code) || isModuleSyntax(error)) return import(pathToFileURL(file).href);
    throw error;
  }
}

const ANCHOR = __dirname + '/handler';
const userRequire = Module.createRequire(ANCHOR);

function isModuleSyntax(error) {
  return (
    error instanceof SyntaxError &&
    /^Cannot use import statement outside a module|^Unexpected token 'export'|^Cannot use 'import\.meta' outside a module|^await is only valid in/.test(
      error.message,
    )
  );
}

// ---------------------------------------------------------------------------------------------------------------
// INVOKE

function invoke(bytes, start, end) {
  const body = start + HEADER_BYTES;
  const number = Buffer.from(bytes.subarray(start + 8, body));
  requestId = uuid(bytes.hexSlice(body, body + 16));
  const deadline = bytes.readUInt32BE(body + 16) * 0x100000000 + bytes.readUInt32BE(body + 20);
  const event = body + INVOKE_FIXED_BYTES + bytes.readUInt32BE(body + 24);

  const invocation = new Invocation(number, requestId, deadline);
  running.add(invocation);
  state = State.BUSY;
  channel.unref(); // so that an empty event loop can be noticed, and the channel is no active handle of the function
  let clientContext;
  let parsed;
  try {
    if (event > body + INVOKE_FIXED_BYTES) clientContext = parse(bytes.utf8Slice(body + INVOKE_FIXED_BYTES, event));
    parsed = event === end ? {} : parse(bytes.utf8Slice(event, end));
  } catch (error) {
    invocation.fail(platformError('Runtime.UnmarshalError', `The event is not JSON: ${error.message}`));
    return;
  }
  if (tracks === undefined) invocation.run(parsed, clientContext);
  else tracks.run(invocation, () => invocation.run(parsed, clientContext));
}

function uuid(hex) {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** One call of the handler. The first answer counts; `running` has those that the scheduler waits for. */
class Invocation {
  constructor(number, id, deadline) {
    this.number = number;
    this.id = id;
    this.deadline = deadline;
    this.context = undefined;
    this.answered = false; // by callback, succeed, fail, done, or the promise
    this.waiting = undefined; // the callback's result, until the event loop is empty
    this.ignored = undefined; // what a handler returned that is neither async nor used its callback
  }

  run(event, clientContext) {
    this.context = this.makeContext(clientContext);
    try {
      const returned = handler(event, this.context, (error, result) => this.callback(error, result));
      if (typeof returned?.then !== 'function') {
        this.ignored = returned;
        return;
      }
      returned.then(
        (result) => this.succeed(result),
        (error) => this.fail(error ?? 'handled'),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  makeContext(clientContext) {
    const { deadline } = this;
    const done = (error, result) => (error === undefined || error === null ? this.succeed(result) : this.fail(error));
    return {
      callbackWaitsForEmptyEventLoop: true,
      succeed: (result) => this.succeed(result),
      fail: (error) => this.fail(error ?? 'handled'),
      done,
      functionVersion: settings.version,
      functionName: settings.name,
      memoryLimitInMB: String(settings.memoryMegabytes),
      logGroupName: settings.logGroup,
      logStreamName: settings.logStream,
      clientContext,
      identity: undefined,
      invokedFunctionArn: settings.arn,
      awsRequestId: this.id,
      tenantId: undefined,
      getRemainingTimeInMillis: () => Math.max(deadline - now(), 0),
    };
  }

  callback(error, result) {
    if (this.answered || this.waiting !== undefined) return;
    if (error !== undefined && error !== null) this.fail(error);
    else if (this.context.callbackWaitsForEmptyEventLoop) this.waiting = { result };
    else this.succeed(result);
  }

  /** Nothing is left that could still answer: the callback's result, or null, as with AWS Lambda. */
  eventLoopEmpty() {
    if (this.waiting === undefined && this.ignored !== undefined) {
      logLine('WARN', 'The handler returned a value but is neither async nor did it call its callback: the result is null.');
    }
    this.succeed(this.waiting?.result);
  }

  succeed(result) {
    if (this.answered) return;
    let text;
    try {
      text = stringify(result === undefined ? null : result) ?? 'null';
    } catch (error) {
      this.fail(platformError('Runtime.JSONStringifyError', `Unable to stringify response body: ${error.message}`, error));
      return;
    }
    if (text.length * 3 > MAXIMUM_RESULT_BYTES) {
      const bytes = Buffer.byteLength(text);
      if (bytes > MAXIMUM_RESULT_BYTES) {
        this.fail(
          platformError(
            'Function.ResponseSizeTooLarge',
            `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${MAXIMUM_RESULT_BYTES} bytes).`,
          ),
        );
        return;
      }
    }
    this.answer(Type.RESULT, text);
  }

  fail(error) {
    if (this.answered) return;
    logError('Invoke Error', error);
    this.answer(Type.ERROR, describe(error, false));
  }

  answer(type, text) {
    this.answered = true;
    running.delete(this);
    if (running.size === 0) {
      state = State.IDLE;
      channel.ref();
    }
    send(type, this.number, text);
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Errors

/** Error JSON of the protocol. Whatever was thrown, this does not throw. */
function describe(error, fatal) {
  const { errorType, errorMessage, stack } = dissect(error);
  return fitting({ errorType, errorMessage, trace: stack, fatal });
}

/** The same as a line for the log, in the form AWS Lambda writes it. */
function logError(title, error) {
  const { errorType, errorMessage, stack } = dissect(error);
  const text = fitting({ errorType, errorMessage, ...(stack.length > 0 ? { stack } : undefined) });
  logLine('ERROR', `${title} \t${text}`);
}

function dissect(error) {
  try {
    if (types.isNativeError(error) || error instanceof Error) {
      return {
        errorType: String(error.name),
        errorMessage: String(error.message),
        stack: ownFrames(String(error.stack ?? '')),
      };
    }
    return { errorType: error === null ? 'null' : typeof error, errorMessage: thrownText(error), stack: [] };
  } catch {
    return { errorType: 'Error', errorMessage: 'The error that was thrown cannot be shown: reading it throws', stack: [] };
  }
}

function thrownText(value) {
  if (typeof value !== 'object' || value === null) return String(value);
  const text = Object.prototype.toString === value.toString ? undefined : String(value);
  return text ?? stringify(value) ?? 'object';
}

/** Without the frames of this file and of Node.js itself. */
function ownFrames(stack) {
  return stack
    .split('\n')
    .filter((line) => !(/^\s+at .*\(?node:/.test(line) || (/^(\s+at |- )/.test(line) && line.includes(__dirname))))
    .map((line) => line.replaceAll('file:///', '/'));
}

const CUT = '… (cut)';

function fitting(error) {
  const text = stringify(error);
  if (Buffer.byteLength(text) <= MAXIMUM_ERROR_BYTES) return text;
  const share = MAXIMUM_ERROR_BYTES / 32; // characters; one can need six bytes in JSON
  const shorter = (value, length) => (value.length > length ? value.slice(0, length) + CUT : value);
  const shorterLines = (lines) => [
    ...lines.slice(0, 40).map((line) => shorter(line, share / 64)),
    ...(lines.length > 40 ? [CUT] : []),
  ];
  return stringify(error, (key, value) => {
    if (Array.isArray(value)) return shorterLines(value);
    return key === 'errorType' || key === 'errorMessage' ? shorter(value, share) : value;
  });
}

function die(title, error, status) {
  logError(title, error);
  if (state === State.BUSY) for (const { number } of running) sendBeforeExit(Type.ERROR, number, describe(error, true));
  else if (state === State.LOADING) sendBeforeExit(Type.INIT_ERROR, undefined, describe(error, true));
  exit(status);
}

function watchProcess() {
  process.on('uncaughtException', (error) => die('Uncaught Exception', error, ExitStatus.UNCAUGHT_EXCEPTION));
  process.on('unhandledRejection', (reason) => {
    const { errorType, errorMessage, stack } = dissect(reason);
    const message = stack.length > 0 ? `${errorType}: ${errorMessage}` : errorMessage;
    const error = platformError('Runtime.UnhandledPromiseRejection', message, reason);
    die('Unhandled Promise Rejection', error, ExitStatus.UNHANDLED_REJECTION);
  });
  // Sent shortly before the deadline: without a listener of its own a function must not be ended by it.
  process.on('SIGTERM', () => {});
  process.on('beforeExit', () => {
    if (state === State.BUSY) for (const invocation of [...running]) invocation.eventLoopEmpty();
    else if (state === State.LOADING) {
      failInitialisation(platformError('Runtime.ImportModuleError', 'Error: the top-level await of the module never ends'));
    }
  });
}

// ---------------------------------------------------------------------------------------------------------------

replaceStream('stdout', 1);
replaceStream('stderr', 2);
patchConsole();
watchProcess();
openChannel();
import('data:text/javascript,').then(() => {
  // The loader of ES modules is warm now; specialising a stem does not pay for it.
  send(
    Type.HELLO,
    undefined,
    stringify({ protocol: 1, runtime: process.env.FUNKHAUS_RUNTIME, languageVersion: process.versions.node }),
  );
});
