import { Problem } from './api'
import { byId, type Child, h, link, s } from './dom'
import { ago, bytes, millis, PROGRESS_WORDS, STATUS_WORDS, stamp, statusTone } from './format'
import { coloured, pretty } from './json'
import type { Invocation, Progress, Status } from './types'

/** Says something in the corner, and to screen readers. */
export function toast(
  message: string,
  options: { bad?: boolean; action?: { label: string; act: () => void } } = {},
): void {
  const note = h(
    'div',
    { class: options.bad ? 'toast bad' : 'toast' },
    message,
    options.action && ' ',
    options.action &&
      h(
        'button',
        {
          type: 'button',
          class: 'toast-action',
          onclick: () => {
            note.remove()
            options.action?.act()
          },
        },
        options.action.label,
      ),
  )
  byId('toasts').append(note)
  setTimeout(() => note.remove(), options.action ? 12_000 : 5000)
}

/** A failure as a block on the page: what, why, and the id to ask about. */
export function problemNotice(failure: unknown, retry?: () => void): HTMLElement {
  const problem = failure instanceof Problem ? failure : null
  return h(
    'div',
    { class: 'notice bad', role: 'alert' },
    h('p', {}, failure instanceof Error ? failure.message : String(failure)),
    problem?.requestId && h('span', { class: 'small' }, 'Request id ', h('code', {}, problem.requestId)),
    retry && h('button', { type: 'button', class: 'button small', onclick: retry }, 'Try again'),
  )
}

export function toastProblem(failure: unknown): void {
  const id = failure instanceof Problem && failure.requestId ? ` (request id ${failure.requestId})` : ''
  toast(`${failure instanceof Error ? failure.message : String(failure)}${id}`, { bad: true })
}

/** A time in words, exact on hover; main.ts keeps the words true. */
export function timeAgo(instant: string): HTMLElement {
  return h(
    'time',
    { dateTime: instant, title: `${stamp(instant, true)} UTC`, 'data-ago': true },
    ago(instant, Date.now()),
  )
}

export function statusMark(status: Status): HTMLElement {
  return h('span', { class: `status ${statusTone(status)}` }, STATUS_WORDS[status] ?? status)
}

export function progressMark(status: Progress): HTMLElement {
  return h('span', { class: 'status live' }, PROGRESS_WORDS[status])
}

/** Copies, and says so in words. */
export function copyButton(text: () => string, label = 'Copy', what = ''): HTMLElement {
  const button = h('button', { type: 'button', class: 'button small quiet' }, label)
  if (what) button.setAttribute('aria-label', `${label} ${what}`)
  button.addEventListener('click', async () => {
    await copy(text())
    button.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = label
    }, 1600)
  })
  return button
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // Without https browsers have no clipboard object; a selection still copies.
    const area = h('textarea', { value: text, class: 'visually-hidden' })
    const holder = document.querySelector('dialog[open]') ?? document.body
    holder.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}

export function codeBlock(text: string, what: string): HTMLElement {
  return h(
    'div',
    { class: 'code-block' },
    h('pre', { tabIndex: 0, role: 'region', 'aria-label': what }, text),
    copyButton(() => text, 'Copy', what),
  )
}

/** An empty place that says what to do next. */
export function empty(title: string, text: string, ...actions: Child[]): HTMLElement {
  return h(
    'div',
    { class: 'empty' },
    h('div', { class: 'dial', 'aria-hidden': 'true' }),
    h('h2', {}, title),
    h('p', {}, text),
    actions,
  )
}

/** Opens a modal dialog; it is gone from the page once closed. Resolves with its return value. */
export function openDialog(
  title: string,
  content: (close: (value?: string) => void) => Child[],
  options: { wide?: boolean; class?: string } = {},
): Promise<string> {
  return new Promise((resolve) => {
    const dialog = h('dialog', {
      class: `dialog ${options.wide ? 'wide' : ''} ${options.class ?? ''}`,
      'aria-label': title,
    })
    const close = (value = ''): void => dialog.close(value)
    const body = h(
      'div',
      { class: 'dialog-body' },
      h(
        'div',
        { class: 'dialog-head' },
        h('h2', {}, title),
        h(
          'button',
          { type: 'button', class: 'button quiet small icon', 'aria-label': 'Close', onclick: () => close() },
          '✕',
        ),
      ),
      content(close),
    )
    dialog.append(body)
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) close()
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue)
    })
    document.body.append(dialog)
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-focus]')?.focus()
  })
}

/** Queue, cold start and run as one bar; the numbers stand below, so the bar itself is decoration. */
export function timeline(
  invocation: Pick<Invocation, 'queueMillis' | 'initMillis' | 'runMillis' | 'coldStart'>,
): HTMLElement {
  const parts: [string, string, number][] = [
    ['queue', 'Queue', invocation.queueMillis],
    ['init', 'Cold start', invocation.initMillis],
    ['run', 'Run', invocation.runMillis],
  ]
  const total = parts.reduce((sum, [, , value]) => sum + value, 0) || 1
  let x = 0
  const bars = parts.map(([kind, , value]) => {
    const width = (1000 * value) / total
    const bar = s('rect', { class: kind, x, y: 0, width, height: 18 })
    x += width
    return bar
  })
  return h(
    'div',
    { class: 'timeline' },
    s('svg', { viewBox: '0 0 1000 18', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, bars),
    h(
      'ul',
      {},
      parts.map(([kind, words, value]) =>
        h(
          'li',
          { class: `key-${kind}` },
          `${words} `,
          h('b', {}, kind === 'init' && !invocation.coldStart ? 'none' : millis(value)),
        ),
      ),
    ),
  )
}

/** Text of a payload or result with pretty, raw, copy and download. */
export function bodyView(title: string, text: string, fileName: string, note = ''): HTMLElement {
  const nice = pretty(text)
  const pre = h('pre', { tabIndex: 0, role: 'region', 'aria-label': title }, coloured(nice))
  const choose = (raw: boolean) => (event: Event) => {
    pre.replaceChildren()
    pre.append(...(raw ? [text] : (coloured(nice) as (Node | string)[])))
    for (const button of (event.currentTarget as HTMLElement).parentElement?.children ?? []) {
      button.setAttribute('aria-pressed', String(button === event.currentTarget))
    }
  }
  return h(
    'div',
    { class: 'body-view' },
    h(
      'header',
      {},
      h('span', {}, title, ' · ', bytes(new TextEncoder().encode(text).length), note && ` · ${note}`),
      h(
        'span',
        { class: 'end' },
        nice !== text &&
          h(
            'span',
            { class: 'segments', role: 'group', 'aria-label': `How to show the ${title.toLowerCase()}` },
            h('button', { type: 'button', 'aria-pressed': 'true', onclick: choose(false) }, 'Pretty'),
            h('button', { type: 'button', 'aria-pressed': 'false', onclick: choose(true) }, 'Raw'),
          ),
        copyButton(() => text, 'Copy', title.toLowerCase()),
        h(
          'button',
          { type: 'button', class: 'button small quiet', onclick: () => download(fileName, text) },
          'Download',
        ),
      ),
    ),
    pre,
  )
}

export function download(name: string, text: string, type = 'application/json'): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  h('a', { href: url, download: name }).click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Counts per hour as a small bar chart. */
export function sparkline(points: { invocations: number; errors: number }[], label: string): SVGElement {
  const most = Math.max(1, ...points.map((point) => point.invocations))
  const width = 136 / Math.max(1, points.length)
  return s(
    'svg',
    { class: 'spark', viewBox: '0 0 136 28', role: 'img', 'aria-label': label },
    points.flatMap((point, i) => {
      const x = (i * width).toFixed(2)
      const w = Math.max(1, width - 1.5).toFixed(2)
      if (point.invocations === 0) return [s('rect', { class: 'none', x, y: 26, width: w, height: 2 })]
      const height = Math.max(3, (28 * point.invocations) / most)
      const bad = Math.max(point.errors > 0 ? 2 : 0, (height * point.errors) / point.invocations)
      return [
        s('rect', { x, y: (28 - height).toFixed(2), width: w, height: height.toFixed(2) }),
        bad > 0 && s('rect', { class: 'bad', x, y: (28 - bad).toFixed(2), width: w, height: bad.toFixed(2) }),
      ]
    }),
  )
}

export function functionLink(name: string): string {
  return link(`/functions/${encodeURIComponent(name)}`)
}

export function invocationLink(requestId: string): string {
  return link(`/invocations/${encodeURIComponent(requestId)}`)
}
