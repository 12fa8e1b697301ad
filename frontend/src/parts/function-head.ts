import { get, path } from '../lib/api'
import { byId, fill, functionName, h } from '../lib/dom'
import type { Concurrency, FunctionSummary } from '../lib/types'
import { functionLink } from '../lib/widgets'

/** Fills the head that all pages of a function share. */
export function drawFunctionHead(f: FunctionSummary): void {
  fill(
    byId('function-chips'),
    h('span', { class: 'chip mono' }, f.runtime),
    f.latestVersion === null
      ? h('span', { class: 'chip' }, 'not published')
      : h('span', { class: 'chip' }, `version ${f.latestVersion}`),
    f.draftDiffers && h('span', { class: 'chip accent' }, 'draft has changes'),
    h('span', { id: 'paused-chip' }),
  )
  if (pausedNow !== null) showPaused(f.name, pausedNow)
}

let pausedNow: boolean | null = null

/** Says in the head that every call is refused, with the way out. */
export function showPaused(name: string, paused: boolean): void {
  pausedNow = paused
  const place = document.getElementById('paused-chip')
  if (!place) return
  fill(
    place,
    paused &&
      h(
        'a',
        {
          class: 'chip warn',
          href: concurrencyLink(name),
          title: 'Its maximum concurrency is 0: every call is refused',
        },
        'paused',
      ),
  )
}

/** Asks whether the function is paused, and says so. */
export async function lookWhetherPaused(name: string): Promise<void> {
  const now = await get<Concurrency>(path`/functions/${name}/concurrency`).catch(() => null)
  if (now) showPaused(name, now.maximumConcurrency === 0)
}

/** Where a function's concurrency is set. */
export function concurrencyLink(name: string): string {
  return `${functionLink(name)}/configuration#concurrency`
}

/** Loads the function, fills its head, and offers the call behind the page. */
export async function loadFunction(apiPath: string, method = 'GET'): Promise<FunctionSummary> {
  fill(
    byId('function-actions'),
    h(
      'button',
      {
        type: 'button',
        class: 'button quiet',
        'data-command': 'api-call',
        'data-method': method,
        'data-path': apiPath,
      },
      'Show API call',
    ),
  )
  const f = await get<FunctionSummary>(path`/functions/${functionName()}`)
  drawFunctionHead(f)
  lookWhetherPaused(f.name)
  return f
}
