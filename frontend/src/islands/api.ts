import { list, path, query } from '../lib/api'
import { byId, fill, functionName, h } from '../lib/dom'
import { remembered } from '../lib/drafts'
import { jsonProblem } from '../lib/json'
import type { Alias, Version } from '../lib/types'
import { problemNotice } from '../lib/widgets'
import { apiCallPanel } from '../parts/api-call'
import { loadFunction } from '../parts/function-head'

/** How programs call this function, and every other call the console makes for it. */
export async function start(): Promise<void> {
  const name = functionName()
  const base = path`/functions/${name}`
  try {
    const [, versions, aliases] = await Promise.all([
      loadFunction(base),
      list<Version>(`${base}/versions?limit=100`).catch(() => []),
      list<Alias>(`${base}/aliases`).catch(() => []),
    ])
    draw(name, base, versions, aliases)
  } catch (failure) {
    fill(
      byId('content'),
      problemNotice(failure, () => location.reload()),
    )
  }
}

function draw(name: string, base: string, versions: Version[], aliases: Alias[]): void {
  const kept = remembered(name, 'event') ?? '{}'
  const body =
    kept.length > 2000 || jsonProblem(kept) ? '{}' : JSON.stringify(JSON.parse(kept.trim() || '{}'))
  const qualifier = h(
    'select',
    { class: 'input small', id: 'qualifier' },
    h('option', { value: '' }, 'draft ($LATEST)'),
    aliases.map((alias) =>
      h('option', { value: alias.name, selected: alias.name === 'live' }, `alias ${alias.name}`),
    ),
    versions.map(({ number }) => h('option', { value: String(number) }, `version ${number}`)),
  )
  const panel = apiCallPanel(() => ({
    method: 'POST',
    path: `${base}/invocations${query({ qualifier: qualifier.value })}`,
    body,
  }))
  qualifier.addEventListener('change', () => panel.dispatchEvent(new Event('funkhaus:redraw')))
  fill(
    byId('content'),
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'call-title' },
      h(
        'div',
        { class: 'card-head' },
        h('h2', { id: 'call-title' }, 'Call this function'),
        h(
          'span',
          { class: 'end' },
          h('label', { htmlFor: 'qualifier', class: 'small soft' }, 'What to run'),
          qualifier,
        ),
      ),
      h('div', { class: 'card-body' }, panel),
    ),
    h(
      'section',
      { class: 'card', 'aria-labelledby': 'all-title' },
      h('div', { class: 'card-head' }, h('h2', { id: 'all-title' }, 'Everything else')),
      h(
        'table',
        { class: 'table' },
        h(
          'tbody',
          {},
          calls(base).map(([method, apiPath, words, sampleBody]) =>
            h(
              'tr',
              {},
              h('td', {}, words, h('span', { class: 'sub mono' }, `${method} /api/v1${apiPath}`)),
              h(
                'td',
                { class: 'end' },
                h(
                  'button',
                  {
                    type: 'button',
                    class: 'button small',
                    'data-command': 'api-call',
                    'data-method': method,
                    'data-path': apiPath,
                    'data-body': sampleBody,
                    'aria-label': `Show the call: ${words}`,
                  },
                  'Show',
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  )
}

function calls(base: string): [string, string, string, string?][] {
  return [
    ['GET', base, 'Read the function'],
    ['GET', `${base}/code`, 'Read the code of the draft'],
    ['POST', `${base}/versions`, 'Publish a version', '{"note":"What has changed"}'],
    ['GET', `${base}/versions`, 'List the versions'],
    ['POST', `${base}/aliases`, 'Make an alias', '{"name":"live","version":1}'],
    ['GET', `${base}/invocations`, 'List the invocations'],
    ['GET', `${base}/metrics`, 'Read the metrics of the last hour'],
  ]
}
