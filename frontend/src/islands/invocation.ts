import { get, path } from '../lib/api'
import { byId, fill, h, link } from '../lib/dom'
import { atLeast, bytes, millis, stamp } from '../lib/format'
import { frames } from '../lib/trace'
import type { Invocation, UnderWay } from '../lib/types'
import {
  bodyView,
  copyButton,
  empty,
  functionLink,
  problemNotice,
  progressMark,
  statusMark,
  timeAgo,
  timeline,
} from '../lib/widgets'
import { LogView } from '../parts/log-view'
import { errorOf, errorView, refusal, stackOf, waitingSentence } from '../parts/result-pane'

const LOOK_MILLIS = 1000

/** One invocation: what went in, what came out, where the time went, and its log. */
export async function start(): Promise<void> {
  const place = byId('content')
  const requestId = place.dataset.requestId ?? ''
  try {
    const invocation = await ended(place, requestId)
    draw(place, invocation)
    await drawLog(invocation)
  } catch (failure) {
    fill(
      place,
      problemNotice(failure, () => location.reload()),
    )
  }
}

/** Shows it while it waits and runs; returns with it when it has ended. */
async function ended(place: HTMLElement, requestId: string): Promise<Invocation> {
  let shown: Shown | null = null
  for (;;) {
    const invocation = await get<Invocation | UnderWay>(path`/invocations/${requestId}`)
    if (!isUnderWay(invocation)) return invocation
    shown ??= drawUnderWay(place, invocation)
    shown(invocation)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS))
  }
}

type Shown = (now: UnderWay) => void

function isUnderWay(invocation: Invocation | UnderWay): invocation is UnderWay {
  return invocation.status === 'waiting' || invocation.status === 'running'
}

/** Drawn once; what changes is changed in place. */
function drawUnderWay(place: HTMLElement, invocation: UnderWay): Shown {
  const mark = h('span', { role: 'status' })
  const reason = h('p', {})
  fill(
    place,
    h(
      'section',
      { class: 'card', 'aria-label': 'Summary' },
      h(
        'div',
        { class: 'card-head' },
        mark,
        h('a', { class: 'name', href: functionLink(invocation.function) }, invocation.function),
      ),
      h(
        'div',
        { class: 'card-body stack' },
        reason,
        h(
          'dl',
          { class: 'facts' },
          fact(
            'Called',
            h('span', {}, stamp(invocation.startedAt), ' (', timeAgo(invocation.startedAt), ')'),
          ),
          fact('Version', versionWords(invocation)),
          fact('Called by', invocation.key ? `key ${invocation.key.name}` : invocation.trigger),
          fact('Memory', `${invocation.memory} MB`),
        ),
        requestIdLine(invocation.requestId),
      ),
    ),
    inputView(invocation),
  )
  let told = ''
  return (now) => {
    if (now.status !== told) fill(mark, progressMark(now.status))
    told = now.status
    reason.textContent = now.waiting
      ? waitingSentence(now.waiting)
      : 'The handler runs. Its result and its log are here when it has ended.'
  }
}

function versionWords(invocation: Pick<Invocation, 'version' | 'alias'>): string {
  const version = invocation.version === '$LATEST' ? 'draft' : invocation.version
  return `${version}${invocation.alias ? ` by alias ${invocation.alias}` : ''}`
}

function requestIdLine(requestId: string): HTMLElement {
  return h(
    'p',
    { class: 'small soft row' },
    'Request id ',
    h('code', { class: 'wrap' }, requestId),
    copyButton(() => requestId, 'Copy', 'request id'),
  )
}

function inputView(invocation: Pick<Invocation, 'payload' | 'payloadTruncated'>): HTMLElement | null {
  if (typeof invocation.payload !== 'string') return null
  const note = invocation.payloadTruncated ? 'first 64 KB kept' : ''
  return bodyView('Input', invocation.payload, 'input.json', note)
}

function draw(place: HTMLElement, invocation: Invocation): void {
  const error = errorOf(invocation)
  const refused = invocation.status === 'refused'
  const interrupted = invocation.status === 'interrupted'
  fill(
    place,
    h(
      'section',
      { class: 'card', 'aria-label': 'Summary' },
      h(
        'div',
        { class: 'card-head' },
        statusMark(invocation.status),
        h('a', { class: 'name', href: functionLink(invocation.function) }, invocation.function),
        h(
          'span',
          { class: 'end' },
          !interrupted &&
            h(
              'a',
              {
                class: 'button small',
                href: `${functionLink(invocation.function)}?event-of=${invocation.requestId}`,
              },
              'Use this input again',
            ),
        ),
      ),
      h(
        'div',
        { class: 'card-body stack' },
        h(
          'dl',
          { class: 'facts' },
          fact(
            'Started',
            h('span', {}, stamp(invocation.startedAt), ' (', timeAgo(invocation.startedAt), ')'),
          ),
          fact('Version', versionWords(invocation)),
          fact('Called by', invocation.key ? `key ${invocation.key.name}` : invocation.trigger),
          fact('Run', interrupted ? atLeast(invocation.runMillis) : millis(invocation.runMillis)),
          fact('Billed', millis(invocation.billedMillis)),
          fact(
            'Memory',
            `${interrupted ? '' : `${bytes(invocation.peakMemoryBytes)} of `}${invocation.memory} MB`,
          ),
        ),
        !refused && !interrupted && timeline(invocation),
        refused && refusal(invocation),
        interrupted && interruption(invocation),
        !refused && !interrupted && error && errorView(error, frames(stackOf(error), []), () => undefined),
        requestIdLine(invocation.requestId),
      ),
    ),
    !interrupted && inputView(invocation),
    typeof invocation.result === 'string' &&
      bodyView(
        'Result',
        invocation.result,
        'result.json',
        invocation.resultTruncated ? 'first 64 KB kept' : '',
      ),
    h(
      'section',
      { class: 'pane', id: 'log-pane', 'aria-label': 'Log' },
      h('div', { class: 'skeleton' }, h('i'), h('i')),
    ),
  )
}

/** Nobody's fault in the function; what it did until then is not known. */
function interruption(invocation: Invocation): HTMLElement {
  return h(
    'div',
    { class: 'notice' },
    h(
      'p',
      {},
      'The service stopped before the end of this invocation was recorded. The function may have run as a whole, in part or not at all.',
    ),
    h('p', { class: 'small soft' }, `Its input of ${bytes(invocation.payloadBytes)} is not kept.`),
  )
}

function fact(name: string, value: Node | string): HTMLElement {
  return h('div', {}, h('dt', {}, name), h('dd', {}, value))
}

async function drawLog(invocation: Invocation): Promise<void> {
  const pane = byId('log-pane')
  try {
    const log = await get<{ text: string; truncated: boolean; droppedBytes: number }>(
      path`/invocations/${invocation.requestId}/log`,
    )
    if (!log.text) {
      fill(
        pane,
        empty('No log', 'This invocation wrote nothing, or its log has reached the end of its keeping.'),
      )
      return
    }
    const view = new LogView()
    fill(
      pane,
      h(
        'header',
        { class: 'pane-head' },
        h('h2', {}, 'Log'),
        log.truncated && h('span', { class: 'chip' }, `${bytes(log.droppedBytes)} left out`),
        h(
          'a',
          { class: 'small', href: link(path`/api/v1/invocations/${invocation.requestId}/log`) },
          'As JSON',
        ),
        view.tools,
      ),
      view.element,
    )
    view.complete(log.text)
  } catch (failure) {
    fill(
      pane,
      h(
        'div',
        { class: 'card-body' },
        problemNotice(failure, () => drawLog(invocation)),
      ),
    )
  }
}
