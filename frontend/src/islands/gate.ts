import { s } from '../lib/dom'

/** Draws the tuning scale beside the sign-in form. */
export function start(): void {
  const dial = document.querySelector('[data-dial]')
  if (!dial) return
  const light = 'oklch(0.93 0.009 80)'
  for (let i = 0; i <= 60; i++) {
    const x = 30 + i * 9
    const long = i % 10 === 0
    const near = Math.max(0, 1 - Math.abs(i - 38) / 9)
    const reach = (long ? 62 : i % 5 === 0 ? 44 : 26) + near * near * 66
    dial.append(
      s('line', {
        x1: x,
        x2: x,
        y1: 190,
        y2: 190 - reach,
        stroke: near > 0.05 ? 'oklch(0.75 0.15 44)' : light,
        'stroke-width': 2,
        'stroke-opacity': long || near > 0.05 ? 0.95 : 0.38,
      }),
    )
    if (long) {
      const label = s('text', {
        x,
        y: 222,
        fill: light,
        'fill-opacity': 0.7,
        'font-size': 15,
        'text-anchor': 'middle',
      })
      label.textContent = String(88 + (i / 10) * 4)
      dial.append(label)
    }
  }
  dial.append(
    s('line', {
      x1: 372,
      x2: 372,
      y1: 30,
      y2: 240,
      stroke: 'oklch(0.72 0.19 38)',
      'stroke-width': 4,
      'stroke-linecap': 'round',
    }),
  )
}
