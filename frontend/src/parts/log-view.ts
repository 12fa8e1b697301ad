import { ansi, withoutAnsi } from '../lib/ansi'
import { h } from '../lib/dom'
import { plural } from '../lib/format'
import { classify, type LogLine } from '../lib/log'
import { copyButton } from '../lib/widgets'

const MOST_LINES = 10_000
/** So near to the end, in pixels, a reader who comes down is taken to be there. */
const NEAR = 24
/** Positions are fractions of pixels when the page is zoomed. */
const AT_END = 1

/**
 * A log that may still be growing. Pieces of text come in any size; lines are drawn once per frame. Scrolling up stops the
 * following, and a button says how much has come since. Nothing but the reader's scrolling may stop it.
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
  private top = 0
  private frame = 0

  constructor(label = 'Log') {
    this.lines = h('div', {})
    this.element = h(
      'div',
      { class: 'log wraps follows', tabIndex: 0, role: 'log', 'aria-label': label, 'aria-live': 'off' },
      this.lines,
    )
    this.pill = h('button', {
      type: 'button',
      class: 'button small',
      hidden: true,
      onclick: () => this.follow(),
    })
    const wrap = h('button', { type: 'button', class: 'button small quiet', 'aria-pressed': 'true' }, 'Wrap')
    wrap.addEventListener('click', () => {
      const wraps = this.element.classList.toggle('wraps')
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
    this.element.addEventListener('scroll', () => this.scrolled())
    this.element.addEventListener('click', (event) => this.opened(event))
    const sizes = new ResizeObserver(() => this.keepAtEnd())
    sizes.observe(this.element)
    sizes.observe(this.lines)
  }

  /** Starts an empty log. */
  clear(): void {
    this.text = ''
    this.partial = ''
    this.waiting = []
    this.drawn = 0
    this.lines.replaceChildren()
    this.follow()
  }

  append(piece: string): void {
    this.text += piece
    const parts = (this.partial + piece).split('\n')
    this.partial = parts.pop() ?? ''
    this.waiting.push(...parts)
    this.frame ||= requestAnimationFrame(() => this.draw())
  }

  /** Shows exactly this text; what has been shown already is kept when it is a part of it, and the reader stays there. */
  complete(text: string): void {
    const at = text.indexOf(this.text)
    const before = text.slice(0, Math.max(0, at))
    if (at < 0 || (before && !before.endsWith('\n'))) {
      this.clear()
      this.append(text)
    } else {
      const after = text.slice(at + this.text.length)
      this.prepend(before)
      this.append(after)
    }
    if (this.partial) this.append('\n')
  }

  /** Whole lines, of which there are few. */
  private prepend(piece: string): void {
    const before = piece.split('\n').slice(0, -1)
    this.text = piece + this.text
    this.drawn += before.length
    this.lines.prepend(...before.map(line))
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
    if (!this.following) this.showMissed(this.missed + batch.length)
    if (this.waiting.length) this.frame = requestAnimationFrame(() => this.draw())
  }

  /** Up is always the reader: all else goes down, or to the very end because there is less than before. */
  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.element
    const below = scrollHeight - scrollTop - clientHeight
    const up = scrollTop < this.top
    this.top = scrollTop
    if (below < (up ? AT_END : NEAR)) this.follow()
    else if (up) this.leave()
  }

  /** Who opens a line wants to read it, not what it has pushed out of sight. */
  private opened(event: MouseEvent): void {
    if (event.target instanceof Element && event.target.closest('summary')) this.leave()
  }

  private follow(): void {
    this.following = true
    this.element.classList.add('follows')
    this.showMissed(0)
    this.keepAtEnd()
  }

  private leave(): void {
    this.following = false
    this.element.classList.remove('follows')
  }

  /** Whenever a size has changed: by new lines, by the window, or as the height of a line that was out of sight is known. */
  private keepAtEnd(): void {
    if (!this.following) return
    this.element.scrollTop = this.element.scrollHeight
    this.top = this.element.scrollTop
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
