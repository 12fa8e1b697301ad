import uPlot from 'uplot'
import { h } from '../lib/dom'
import { stamp } from '../lib/format'
import { isolated } from '../lib/points'
import type { MetricPoint, Metrics } from '../lib/types'

export interface ChartSpec {
  title: string
  unit: (value: number) => string
  bars?: boolean
  span?: boolean
  series: { label: string; tone: 1 | 2 | 3 | 4; of: (point: MetricPoint) => number | null }[]
}

/** How times stand below a chart, by the step between them: always 24 hours, the day where it changes. */
const TIMES: (number | string | null)[][] = [
  [86_400, '{DD} {MMM}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{DD} {MMM}', null, '\n{DD} {MMM}', null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', '\n{DD} {MMM}', null, '\n{DD} {MMM}', null, null, null, 1],
]

const TOGETHER = uPlot.sync('metrics')

/** One chart with its legend. Its place has its size from the start, so nothing jumps; new data goes into the same drawing. */
export class Chart {
  readonly element: HTMLElement
  private readonly place = h('div', { class: 'chart', role: 'img' })
  private readonly values: HTMLElement[]
  private readonly when = h('span', { class: 'small soft nums' })
  private plot: uPlot | null = null
  private metrics: Metrics | null = null
  private compared = false
  private utc = false

  constructor(
    private readonly spec: ChartSpec,
    private readonly zoom: (from: number, to: number) => void,
  ) {
    this.values = spec.series.map(() => h('b', {}))
    this.element = h(
      'section',
      { class: spec.span ? 'card span' : 'card', 'aria-label': spec.title },
      h(
        'div',
        { class: 'card-head' },
        h('h2', {}, spec.title),
        this.when,
        h(
          'ul',
          { class: 'legend end' },
          spec.series.map(({ label, tone }, i) =>
            h('li', { class: `c${tone}` }, `${label} `, this.values[i]),
          ),
          spec.span && h('li', { class: 'marker' }, 'published'),
        ),
      ),
      h('div', { class: 'card-body' }, this.place),
    )
    new ResizeObserver(() => this.plot?.setSize(this.size())).observe(this.place)
    const redraw = (): void => this.rebuild()
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
    new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }

  draw(metrics: Metrics, before: Metrics | null, utc: boolean): void {
    this.metrics = metrics
    const compared = before !== null
    const data = this.data(metrics, before)
    this.place.setAttribute('aria-label', this.words(metrics))
    if (this.plot && compared === this.compared && utc === this.utc) {
      this.plot.setData(data)
      return
    }
    this.compared = compared
    this.utc = utc
    this.build(data)
  }

  private rebuild(): void {
    if (this.plot) this.build(this.plot.data)
  }

  private build(data: uPlot.AlignedData): void {
    this.plot?.destroy()
    this.plot = new uPlot(this.options(), data, this.place)
    this.showValues(null)
  }

  private data(metrics: Metrics, before: Metrics | null): uPlot.AlignedData {
    const now = this.spec.series.map(({ of }) => metrics.points.map(of))
    const then = before
      ? this.spec.series.map(({ of }) =>
          metrics.points.map((_, i) => (before.points[i] ? of(before.points[i]) : null)),
        )
      : []
    return [metrics.points.map((point) => Date.parse(point.at) / 1000), ...now, ...then] as uPlot.AlignedData
  }

  private options(): uPlot.Options {
    const text = this.colour('--text-soft')
    const line = this.colour('--line')
    const axis: uPlot.Axis = {
      stroke: text,
      font: '11px "Instrument Sans Variable", sans-serif',
      grid: { stroke: line, width: 1 },
      ticks: { show: false },
    }
    return {
      ...this.size(),
      padding: [8, 20, 0, 0],
      tzDate: (seconds) =>
        this.utc ? uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') : new Date(seconds * 1000),
      legend: { show: false },
      cursor: {
        sync: { key: TOGETHER.key },
        points: { size: 7 },
        drag: { x: true, y: false, setScale: false },
        y: false,
      },
      scales: {
        x: { range: (plot) => this.times(plot.data[0]) },
        y: { range: (_, __, most) => [0, most > 0 ? most * 1.12 : 1] },
      },
      axes: [
        { ...axis, grid: { show: false }, space: 76, values: TIMES },
        {
          ...axis,
          size: 62,
          space: 34,
          values: (_, ticks) =>
            ticks.map((tick) =>
              Number.isInteger(tick) || this.spec.title === 'Duration' ? this.spec.unit(tick) : '',
            ),
        },
      ],
      series: [
        {},
        ...this.spec.series.map(({ label, tone }) => this.lineOf(label, tone, false)),
        ...(this.compared
          ? this.spec.series.map(({ label, tone }) => this.lineOf(`${label} before`, tone, true))
          : []),
      ],
      hooks: {
        setCursor: [(plot) => this.showValues(plot.cursor.idx ?? null)],
        setSelect: [
          (plot) => {
            if (plot.select.width < 8) return
            const from = plot.posToVal(plot.select.left, 'x') * 1000
            const to = plot.posToVal(plot.select.left + plot.select.width, 'x') * 1000
            plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
            this.zoom(from, Math.max(to, from + 120_000))
          },
        ],
        draw: [(plot) => this.drawMarkers(plot)],
      },
    }
  }

  private lineOf(label: string, tone: number, before: boolean): uPlot.Series {
    const stroke = this.colour(`--chart-${tone}`)
    // A value between two gaps has no line: without its point it would not be seen.
    const lone: uPlot.Series.Points.Filter = (plot, series, all) =>
      all ? null : isolated(plot.data[series] ?? [])
    const bars =
      this.spec.bars && !before ? uPlot.paths.bars?.({ size: [0.75, 28], align: 1, radius: 0.15 }) : undefined
    return {
      label,
      stroke,
      width: before ? 1 : bars ? 0 : 1.75,
      ...(before ? { dash: [4, 4], alpha: 0.7 } : {}),
      ...(bars
        ? { paths: bars, fill: stroke, points: { show: false } }
        : { points: { size: 5, filter: lone } }),
      spanGaps: false,
    }
  }

  private drawMarkers(plot: uPlot): void {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.setLineDash([])
    ctx.textAlign = 'left'
    ctx.strokeStyle = ctx.fillStyle = this.colour('--accent')
    ctx.lineWidth = devicePixelRatio * 1.5
    ctx.font = `600 ${11 * devicePixelRatio}px "Instrument Sans Variable", sans-serif`
    for (const marker of this.metrics?.markers ?? []) {
      const x = Math.round(plot.valToPos(Date.parse(marker.at) / 1000, 'x', true))
      if (x < bbox.left || x > bbox.left + bbox.width) continue
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
      if (this.spec.span)
        ctx.fillText(`v${marker.version}`, x + 4 * devicePixelRatio, bbox.top + 11 * devicePixelRatio)
    }
    ctx.restore()
  }

  private showValues(index: number | null): void {
    const point = index === null ? null : this.metrics?.points[index]
    this.when.textContent = point ? stamp(point.at, this.utc).slice(5, 16) : ''
    this.spec.series.forEach(({ of }, i) => {
      const value = point ? of(point) : null
      const slot = this.values[i]
      if (slot) slot.textContent = value === null ? '' : this.spec.unit(value)
    })
  }

  private words(metrics: Metrics): string {
    const parts = this.spec.series.map(({ label, of }) => {
      const values = metrics.points.map(of).filter((value) => value !== null)
      return values.length ? `${label} up to ${this.spec.unit(Math.max(...values))}` : `${label}: none`
    })
    return `Chart of ${this.spec.title.toLowerCase()}: ${parts.join(', ')}. The table below has the figures.`
  }

  /** A step begins at its time: the last one has to fit too. */
  private times(starts: ArrayLike<number>): [number, number] {
    const step = this.metrics?.stepSeconds ?? 60
    const first = starts[0] ?? 0
    return [first, (starts[starts.length - 1] ?? first) + step]
  }

  private size(): { width: number; height: number } {
    return { width: Math.max(160, this.place.clientWidth), height: this.place.clientHeight || 216 }
  }

  /** Canvas knows no custom properties: an element resolves them. */
  private colour(name: string): string {
    const probe = h('i', { hidden: true })
    probe.style.color = `var(${name})`
    this.place.append(probe)
    const colour = getComputedStyle(probe).color
    probe.remove()
    return colour
  }
}
