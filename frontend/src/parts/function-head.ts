import { get, path } from '../lib/api'
import { byId, fill, functionName, h } from '../lib/dom'
import type { FunctionSummary } from '../lib/types'

/** Fills the head that all pages of a function share. */
export function drawFunctionHead(f: FunctionSummary): void {
  fill(
    byId('function-chips'),
    h('span', { class: 'chip mono' }, f.runtime),
    f.latestVersion === null
      ? h('span', { class: 'chip' }, 'not published')
      : h('span', { class: 'chip' }, `version ${f.latestVersion}`),
    f.draftDiffers && h('span', { class: 'chip accent' }, 'draft has changes'),
  )
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
  return f
}
