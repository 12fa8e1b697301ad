import { ansi, withoutAnsi } from '../lib/ansi'
import { h } from '../lib/dom'
import { plural } from '../lib/format'
import { classify, type LogLine } from '../lib/log'
import { copyButton } from '../lib/widgets'

const MOST_LINES = 10_000

/**
 * A log that may still be growing. Pieces of text come in any size; lines are drawn once per frame. Scrolling up stops the
 * following, and a button says how much has come since.
 */
export class LogView {
  readonly element: HTMLElement
  readonly tools: HTMLElement
  private readonly lines: HTMLElement
  private readonly pill: HTMLButtonElement
  private text = ''
  private partial = ''
  private waiting: string[] = []
  private drawn = 0
  private missed = 0
  private following = true
  private frame = 0

  constructor(label = 'Log') {
    this.lines = h('div', {
      class: 'log wraps',
      tabIndex: 0,
      role: 'log',
      'aria-label': label,
      'aria-live': 'off',
    })
    this.pill = h('button', {
      type: 'button',
      class: 'button small',
      hidden: true,
      onclick: () => this.follow(),
    })
    const wrap = h('button', { type: 'button', class: 'button small quiet', 'aria-pressed': 'true' }, 'Wrap')
    wrap.addEventListener('click', () => {
      const wraps = this.lines.classList.toggle('wraps')
      wrap.setAttribute('aria-pressed', String(wraps))
      wrap.textContent = wraps ? 'Wrap' : 'No wrap'
    })
    this.tools = h(
      'span',
      { class: 'end' },
      this.pill,
      wrap,
      copyButton(() => withoutAnsi(this.text), 'Copy all', 'of the log'),
    )
    this.element = this.lines
    this.lines.addEventListener('scroll', () => {
      const below = this.lines.scrollHeight - this.lines.scrollTop - this.lines.clientHeight
      this.following = below < 24
      if (this.following) this.showMissed(0)
    })
  }

  /** Starts an empty log. */
  clear(): void {
    this.text = ''
    this.partial = ''
    this.waiting = []
    this.drawn = 0
    this.following = true
    this.showMissed(0)
    this.lines.replaceChildren()
  }

  append(piece: string): void {
    this.text += piece
    const parts = (this.partial + piece).split('\n')
    this.partial = parts.pop() ?? ''
    this.waiting.push(...parts)
    this.frame ||= requestAnimationFrame(() => this.draw())
  }

  /** Shows exactly this text; what has been shown already is kept when the text goes on from there. */
  complete(text: string): void {
    if (text.startsWith(this.text)) this.append(text.slice(this.text.length))
    else {
      this.clear()
      this.append(text)
    }
    if (this.partial) this.append('\n')
  }

  private draw(): void {
    this.frame = 0
    const batch = this.waiting.splice(0, 500)
    const room = MOST_LINES - this.drawn
    this.lines.append(...batch.slice(0, Math.max(0, room)).map(line))
    if (room > 0 && batch.length > room) {
      this.lines.append(
        h(
          'div',
          { class: 'log-line platform' },
          `The first ${MOST_LINES} lines are shown; “Copy all” has the rest.`,
        ),
      )
    }
    this.drawn += batch.length
    if (this.following) this.lines.scrollTop = this.lines.scrollHeight
    else this.showMissed(this.missed + batch.length)
    if (this.waiting.length) this.frame = requestAnimationFrame(() => this.draw())
  }

  private follow(): void {
    this.following = true
    this.lines.scrollTop = this.lines.scrollHeight
    this.showMissed(0)
  }

  private showMissed(amount: number): void {
    this.missed = amount
    this.pill.hidden = amount === 0
    this.pill.textContent = `↓ ${plural(amount, 'new line')}`
  }
}

function line(raw: string): HTMLElement {
  const entry = classify(raw)
  return h(
    'div',
    { class: `log-line ${entry.level}` },
    content(entry),
    entry.level !== 'platform' && copyButton(() => withoutAnsi(raw), 'Copy', 'this line'),
  )
}

function content(entry: LogLine): HTMLElement {
  const time =
    entry.at && h('time', { dateTime: entry.at, title: entry.raw.slice(0, 80) }, entry.at.slice(11, 23))
  const text = ansi(entry.text).map(({ text, classes }) =>
    classes.length ? h('span', { class: classes.join(' ') }, text) : text,
  )
  if (entry.json === null) return h('span', { class: 'text' }, time, text.length ? text : ' ')
  return h('details', {}, h('summary', {}, time, text), h('pre', {}, JSON.stringify(entry.json, null, 2)))
}
