import { type Child, fill, h } from '../lib/dom'
import { bytes, millis, STATUS_WORDS, sentence } from '../lib/format'
import { culprit, type Frame, frames } from '../lib/trace'
import type { FunctionError, Invocation, Status, Waiting } from '../lib/types'
import { bodyView, copyButton, invocationLink, problemNotice, statusMark, timeline } from '../lib/widgets'
import { concurrencyLink } from './function-head'
import { LogView } from './log-view'

/** What the REST API answers for each ending; of one that was interrupted nobody got an answer. */
const HTTP: Partial<Record<Status, number>> = {
  succeeded: 200,
  failed: 502,
  init_failed: 502,
  timed_out: 504,
  out_of_memory: 502,
  exited: 502,
  response_too_large: 502,
  sandbox_lost: 503,
  cancelled: 503,
  refused: 429,
}

/** What a run without a sandbox waits for, and how many are before it. */
export function waitingSentence({ message, position }: Waiting): string {
  return sentence(position > 0 ? `${message}, position ${position}` : message)
}

/** The state of a run that has no sandbox yet. */
function waitingWord(waiting: Waiting): string {
  return waiting.reason === 'sandbox_start' ? 'Starting a sandbox' : 'Waiting'
}

/** The outcome of the last run: while it runs its log, then what came of it. */
export class ResultPane {
  private readonly head = h('span', { class: 'row' })
  private readonly body = h('div', { class: 'outcome-body' })
  private readonly log = new LogView('Log of this run')
  private readonly logHead = h(
    'header',
    { class: 'pane-head', hidden: true },
    h('h2', {}, 'Log'),
    this.log.tools,
  )
  private readonly announcer = h('p', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' })
  private waiting: Waiting | null = null
  private runs = false
  private clock: ReturnType<typeof setInterval> | undefined

  constructor(
    pane: HTMLElement,
    private readonly jump: (file: string, line: number) => void,
  ) {
    this.log.element.hidden = true
    fill(
      pane,
      h('header', { class: 'pane-head' }, h('h2', {}, 'Result'), h('span', { class: 'end' }, this.head)),
      h('div', { class: 'outcome' }, this.body, this.logHead, this.log.element),
      this.announcer,
    )
    fill(
      this.body,
      h(
        'div',
        { class: 'empty' },
        h('div', { class: 'dial', 'aria-hidden': 'true' }),
        h('p', {}, 'Run the function: its result, the time it took and its log appear here.'),
      ),
    )
  }

  /** A run has begun; says what it waits for as long as nothing has come back. */
  begin(timeoutSeconds: number, stop: () => void): void {
    const started = performance.now()
    this.waiting = null
    this.runs = false
    this.log.clear()
    this.logHead.hidden = false
    this.log.element.hidden = false
    const elapsed = h('span', { class: 'figure nums' })
    const status = h('span', { class: 'status live' }, 'Starting')
    const reason = h('p', { class: 'soft' })
    fill(this.body, h('div', { class: 'outcome-head' }, status, elapsed), reason)
    fill(
      this.head,
      h('button', { type: 'button', class: 'button small quiet', onclick: stop }, 'Stop watching'),
    )
    this.announcer.textContent = 'Running'
    clearInterval(this.clock)
    this.clock = setInterval(() => {
      const seconds = (performance.now() - started) / 1000
      elapsed.textContent = `${seconds.toFixed(1)} s`
      const waiting = this.waiting
      status.textContent = waiting ? waitingWord(waiting) : this.runs ? 'Running' : 'Starting'
      if (seconds < 1) return
      reason.textContent = waiting
        ? waitingSentence(waiting)
        : this.runs
          ? `The handler is running; its time limit is ${timeoutSeconds} s.`
          : 'Waiting for a sandbox: the code is new, so one has to load it, or all that are allowed are busy.'
    }, 100)
  }

  /** What the run waits for now; null when it waits no more. */
  wait(waiting: Waiting | null): void {
    const word = waiting ? waitingWord(waiting) : 'Running'
    if (this.announcer.textContent !== word) this.announcer.textContent = word
    this.waiting = waiting
    this.runs = waiting === null
  }

  hear(piece: string): void {
    this.wait(null)
    this.log.append(piece)
  }

  /** The run has ended. Returns the line to mark in the editor, if the failure points to one. */
  end(invocation: Invocation, files: string[]): Frame | undefined {
    this.stop()
    const error = errorOf(invocation)
    const trace = error ? frames(stackOf(error), files) : []
    const refused = invocation.status === 'refused'
    const total = invocation.queueMillis + invocation.initMillis + invocation.runMillis
    fill(this.head, h('a', { href: invocationLink(invocation.requestId), class: 'small' }, 'Open invocation'))
    fill(
      this.body,
      h(
        'div',
        { class: 'outcome-head' },
        statusMark(invocation.status),
        h('span', { class: 'figure' }, h('b', {}, millis(total))),
        h('span', { class: 'figure' }, `HTTP ${HTTP[invocation.status] ?? ''}`),
        !refused &&
          h(
            'span',
            { class: 'figure' },
            h('b', {}, bytes(invocation.peakMemoryBytes)),
            ` of ${invocation.memory} MB`,
          ),
      ),
      !refused && timeline(invocation),
      refused ? refusal(invocation) : error && errorView(error, trace, this.jump),
      typeof invocation.result === 'string' &&
        bodyView(
          'Result',
          invocation.result,
          `${invocation.function}-result.json`,
          invocation.resultTruncated ? 'first 64 KB shown' : '',
        ),
      h(
        'p',
        { class: 'small soft row' },
        'Request id ',
        h('code', { class: 'wrap' }, invocation.requestId),
        copyButton(() => invocation.requestId, 'Copy', 'request id'),
      ),
    )
    if (invocation.log) this.log.complete(invocation.log)
    this.announcer.textContent = `${STATUS_WORDS[invocation.status]} after ${millis(total)}`
    return culprit(trace)
  }

  /** The run could not be made, or nobody watches it any longer. */
  fail(failure: unknown): void {
    this.stop()
    fill(this.head)
    const stopped = failure instanceof DOMException && failure.name === 'AbortError'
    fill(
      this.body,
      stopped
        ? h(
            'div',
            { class: 'notice' },
            h(
              'p',
              {},
              'No longer watching. The run goes on to its end and is then in the list of invocations.',
            ),
          )
        : problemNotice(failure),
    )
    this.announcer.textContent = stopped ? 'No longer watching' : 'The run failed to start'
  }

  private stop(): void {
    clearInterval(this.clock)
  }
}

/** Nothing has run: what was in the way, and where it is changed when that is the function's own limit. */
export function refusal(invocation: Invocation): HTMLElement {
  const message = invocation.errorMessage ?? 'It was refused.'
  const own = invocation.errorType === 'Refused.function_concurrency'
  return h(
    'div',
    { class: 'notice warn' },
    h('p', {}, sentence(message)),
    own &&
      h(
        'a',
        { class: 'button', href: concurrencyLink(invocation.function) },
        message.includes('is paused') ? 'Resume it in its configuration' : 'Change its maximum',
      ),
  )
}

export function errorOf(invocation: Invocation): FunctionError | null {
  if (invocation.error) return invocation.error
  if (!invocation.errorType && !invocation.errorMessage) return null
  return { errorType: invocation.errorType, errorMessage: invocation.errorMessage }
}

/** The stack without the message, which stands above it already. */
export function stackOf(error: FunctionError): string[] {
  const said = [error.errorMessage, `${error.errorType}: ${error.errorMessage}`]
  return (error.trace ?? []).filter((line) => !said.includes(line.trim()))
}

/** The error in the function's own terms; frames in its own files lead to the line. */
export function errorView(
  error: FunctionError,
  trace: Frame[],
  jump: (file: string, line: number) => void,
): HTMLElement {
  return h(
    'div',
    { class: 'trace notice bad' },
    h('p', { class: 'message' }, [error.errorType, error.errorMessage].filter(Boolean).join(': ')),
    trace.map((frame): Child => {
      const { file, line, text } = frame
      if (!file || !line) return h('div', { class: 'frame' }, text)
      return h(
        'button',
        {
          type: 'button',
          class: 'frame',
          title: `Go to ${file}, line ${line}`,
          onclick: () => jump(file, line),
        },
        text,
      )
    }),
  )
}
