import { get, path, query } from '../lib/api'
import { byId, type Child, fill, functionName, h } from '../lib/dom'
import { count, millis, percent, stamp } from '../lib/format'
import { LENGTHS, previous, type Range, rangeOf, stepSeconds } from '../lib/range'
import type { MetricPoint, Metrics, Usage } from '../lib/types'
import { empty, functionLink, problemNotice } from '../lib/widgets'
import { Chart, type ChartSpec } from '../parts/chart'
import { loadFunction } from '../parts/function-head'

const REFRESH_MILLIS = 10_000

const CHARTS: ChartSpec[] = [
  {
    title: 'Invocations',
    unit: count,
    bars: true,
    span: true,
    series: [
      { label: 'invocations', tone: 1, of: (p) => p.invocations },
      { label: 'errors', tone: 2, of: (p) => p.errors },
    ],
  },
  {
    title: 'Duration',
    unit: (value) => millis(value),
    series: [
      { label: 'p50', tone: 1, of: (p) => p.p50Millis },
      { label: 'p95', tone: 3, of: (p) => p.p95Millis },
      { label: 'p99', tone: 2, of: (p) => p.p99Millis },
    ],
  },
  {
    title: 'Concurrency',
    unit: count,
    series: [{ label: 'most at once', tone: 4, of: (p) => p.maxConcurrency }],
  },
  {
    title: 'Cold starts',
    unit: count,
    bars: true,
    series: [{ label: 'cold starts', tone: 4, of: (p) => p.coldStarts }],
  },
  {
    title: 'Refused (throttled)',
    unit: count,
    bars: true,
    series: [{ label: 'refused', tone: 3, of: (p) => p.refused }],
  },
]

/** The metrics page. The range, the zone and the comparison stand in the URL; data comes anew every 10 s unless paused. */
export async function start(): Promise<void> {
  try {
    await loadFunction(path`/functions/${functionName()}/metrics`)
    const page = new MetricsPage()
    await page.refresh()
  } catch (failure) {
    fill(
      byId('content'),
      problemNotice(failure, () => location.reload()),
    )
  }
}

class MetricsPage {
  private readonly controls = h('div', { class: 'row' })
  private readonly totals = h('dl', { class: 'facts big' })
  private readonly now = h('p', { class: 'small', id: 'running-now' })
  private readonly trouble = h('div', {})
  private readonly age = h('span', {})
  private readonly pauseButton = h(
    'button',
    { type: 'button', class: 'button small', 'aria-pressed': 'false', onclick: () => this.togglePause() },
    'Pause',
  )
  private readonly charts: Chart[]
  private readonly tablePlace = h('div', {})
  private readonly nothing = h('div', { hidden: true })
  private updatedAt = 0
  private paused = false
  private asking = false

  constructor() {
    this.charts = CHARTS.map((spec) => new Chart(spec, (from, to) => this.zoom(from, to)))
    const table = h(
      'details',
      { class: 'card' },
      h('summary', { class: 'card-head' }, h('h2', {}, 'The same as a table')),
      this.tablePlace,
    )
    fill(
      byId('content'),
      h('div', { class: 'row' }, this.controls, h('span', { class: 'refresh' }, this.age, this.pauseButton)),
      this.trouble,
      h('section', { class: 'card card-body', 'aria-label': 'Totals' }, this.totals, this.now),
      this.nothing,
      h(
        'div',
        { class: 'charts' },
        this.charts.map((chart) => chart.element),
      ),
      table,
    )
    this.drawControls()
    setInterval(() => this.tick(), 1000)
    window.addEventListener('popstate', () => {
      this.drawControls()
      this.refresh()
    })
  }

  async refresh(): Promise<void> {
    if (this.asking) return
    this.asking = true
    const range = this.range()
    const asked = location.search
    try {
      const [metrics, before, usage] = await Promise.all([
        this.load(range),
        this.search().has('compare') ? this.load(previous(range)) : null,
        get<Usage>('/usage').catch(() => null), // the charts do not depend on it
      ])
      if (location.search === asked) this.draw(metrics, before)
      this.now.textContent = usage === null ? '' : runningNow(usage, functionName())
      fill(this.trouble)
      this.updatedAt = Date.now()
    } catch (failure) {
      fill(
        this.trouble,
        problemNotice(failure, () => this.refresh()),
      )
    } finally {
      this.asking = false
    }
    if (location.search !== asked) await this.refresh()
  }

  private load(range: Range): Promise<Metrics> {
    const times = {
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      step: stepSeconds(range),
    }
    return get<Metrics>(
      path`/functions/${functionName()}/metrics` + query({ ...times, version: this.search().get('version') }),
    )
  }

  private draw(metrics: Metrics, before: Metrics | null): void {
    const utc = this.search().has('utc')
    for (const chart of this.charts) chart.draw(metrics, before, utc)
    const { totals } = metrics
    const was = before?.totals
    fill(
      this.totals,
      total('Invocations', count(totals.invocations), was && count(was.invocations)),
      total(
        'Errors',
        percent(totals.errors, totals.invocations),
        was && percent(was.errors, was.invocations),
      ),
      total('p50', millis(totals.p50Millis), was && millis(was.p50Millis)),
      total('p95', millis(totals.p95Millis), was && millis(was.p95Millis)),
      total('p99', millis(totals.p99Millis), was && millis(was.p99Millis)),
      total('Cold starts', count(totals.coldStarts), was && count(was.coldStarts)),
      total('Refused', count(totals.refused), was && count(was.refused)),
    )
    this.nothing.hidden = totals.invocations + totals.refused > 0
    if (!this.nothing.hidden) {
      fill(
        this.nothing,
        h(
          'div',
          { class: 'card' },
          empty(
            'Nothing ran in this range',
            'Choose a longer range, or run the function.',
            h('a', { class: 'button primary', href: functionLink(functionName()) }, 'To the code'),
          ),
        ),
      )
    }
    fill(this.tablePlace, metricsTable(metrics, utc))
  }

  private tick(): void {
    if (!this.updatedAt) return
    const seconds = Math.round((Date.now() - this.updatedAt) / 1000)
    this.age.textContent = this.paused ? 'paused' : `updated ${seconds} s ago`
    const moves = this.range().last !== null
    if (
      !this.paused &&
      moves &&
      document.visibilityState === 'visible' &&
      Date.now() - this.updatedAt >= REFRESH_MILLIS
    )
      this.refresh()
  }

  private togglePause(): void {
    this.paused = !this.paused
    this.pauseButton.textContent = this.paused ? 'Resume' : 'Pause'
    this.pauseButton.setAttribute('aria-pressed', String(this.paused))
    if (!this.paused) this.refresh()
    this.tick()
  }

  private range(): Range {
    return rangeOf(this.search(), Date.now())
  }

  private search(): URLSearchParams {
    return new URLSearchParams(location.search)
  }

  private change(values: Record<string, string | null>): void {
    const next: Record<string, string | null> = { ...Object.fromEntries(this.search()), ...values }
    history.pushState(null, '', location.pathname + query(next))
    this.drawControls()
    this.refresh()
  }

  private zoom(from: number, to: number): void {
    this.change({ last: null, from: new Date(from).toISOString(), to: new Date(to).toISOString() })
  }

  private drawControls(): void {
    const range = this.range()
    const utc = this.search().has('utc')
    const toggle = (name: string, label: string): Child =>
      h(
        'label',
        { class: 'check' },
        h('input', {
          type: 'checkbox',
          checked: this.search().has(name),
          onchange: (event: Event) =>
            this.change({ [name]: (event.target as HTMLInputElement).checked ? '1' : null }),
        }),
        label,
      )
    fill(
      this.controls,
      h(
        'span',
        { class: 'segments', role: 'group', 'aria-label': 'Range' },
        Object.entries(LENGTHS).map(([last, { words }]) =>
          h(
            'button',
            {
              type: 'button',
              'aria-pressed': String(range.last === last),
              onclick: () => this.change({ last, from: null, to: null }),
            },
            words,
          ),
        ),
      ),
      this.customRange(range, utc),
      toggle('compare', 'Compare with the period before'),
      toggle('utc', 'UTC'),
    )
  }

  /** Two fields for those who do not want to drag. */
  private customRange(range: Range, utc: boolean): Child {
    const value = (at: number): string => stamp(at, utc).replace(' ', 'T').slice(0, 16)
    const instant = (text: string): number => Date.parse(utc ? `${text}Z` : text)
    const from = h('input', {
      class: 'input small',
      type: 'datetime-local',
      'aria-label': `From${utc ? ' (UTC)' : ''}`,
      value: value(range.from),
    })
    const to = h('input', {
      class: 'input small',
      type: 'datetime-local',
      'aria-label': `To${utc ? ' (UTC)' : ''}`,
      value: value(range.to),
    })
    const error = h('span', { class: 'error', role: 'alert' })
    return h(
      'details',
      { class: 'menu', 'data-menu': true },
      h(
        'summary',
        { class: 'button small' },
        range.last === null
          ? `${stamp(range.from, utc).slice(5, 16)} – ${stamp(range.to, utc).slice(5, 16)}`
          : 'Custom',
      ),
      h(
        'form',
        {
          class: 'menu-body',
          onsubmit: (event: Event) => {
            event.preventDefault()
            if (instant(from.value) < instant(to.value)) this.zoom(instant(from.value), instant(to.value))
            else error.textContent = 'The end has to be after the start.'
          },
        },
        h('label', { class: 'field' }, h('span', { class: 'small' }, 'From'), from),
        h('label', { class: 'field' }, h('span', { class: 'small' }, 'To'), to),
        error,
        h('button', { class: 'button small primary' }, 'Show'),
      ),
    )
  }
}

/** Against which limit, and who can raise it. */
function runningNow(usage: Usage, name: string): string {
  const own = usage.functions.filter((f) => f.function === name)
  const sum = (of: (f: Usage['functions'][number]) => number): number =>
    own.reduce((all, f) => all + of(f), 0)
  const waiting = usage.waiting > 0 ? `, ${count(usage.waiting)} waiting` : ''
  return (
    `Now: ${count(sum((f) => f.busy))} running and ${count(sum((f) => f.idle))} warm of this function · ` +
    `${count(usage.running)} of ${count(usage.limit)} running in the workspace${waiting}. ` +
    'Whoever runs this installation can raise the limit.'
  )
}

function total(name: string, value: string, before: string | null | undefined): HTMLElement {
  return h(
    'div',
    {},
    h('dt', {}, name),
    h('dd', {}, value, before && h('span', { class: 'delta' }, ` before: ${before}`)),
  )
}

function metricsTable(metrics: Metrics, utc: boolean): HTMLElement {
  const columns: [string, (p: MetricPoint) => string][] = [
    ['Invocations', (p) => count(p.invocations)],
    ['Errors', (p) => count(p.errors)],
    ['Refused', (p) => count(p.refused)],
    ['Cold starts', (p) => count(p.coldStarts)],
    ['p50', (p) => millis(p.p50Millis)],
    ['p95', (p) => millis(p.p95Millis)],
    ['p99', (p) => millis(p.p99Millis)],
    ['Most at once', (p) => count(p.maxConcurrency)],
  ]
  const marked = (at: string): string => {
    const start = Date.parse(at)
    return metrics.markers
      .filter(
        (marker) =>
          Date.parse(marker.at) >= start && Date.parse(marker.at) < start + metrics.stepSeconds * 1000,
      )
      .map((marker) => ` · version ${marker.version} published`)
      .join('')
  }
  const points = metrics.points.filter((point) => point.invocations + point.refused > 0 || marked(point.at))
  if (points.length === 0) return h('p', { class: 'card-body soft' }, 'Nothing ran in this range.')
  return h(
    'div',
    { class: 'table-wrap', tabIndex: 0, role: 'region', 'aria-label': 'Metrics as a table' },
    h(
      'table',
      { class: 'table' },
      h('caption', { class: 'visually-hidden' }, 'Times when nothing ran are left out'),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, utc ? 'From (UTC)' : 'From'),
          columns.map(([title]) => h('th', { scope: 'col', class: 'num' }, title)),
        ),
      ),
      h(
        'tbody',
        {},
        points.map((point) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row', class: 'nums' }, stamp(point.at, utc).slice(0, 16), marked(point.at)),
            columns.map(([, value]) => h('td', { class: 'num' }, value(point))),
          ),
        ),
      ),
    ),
  )
}
