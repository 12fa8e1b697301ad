import { get, list, path, query } from '../lib/api'
import { byId, debounce, fill, h } from '../lib/dom'
import { atLeast, bytes, millis, PROGRESS_WORDS, STATUS_WORDS, stamp } from '../lib/format'
import type { ApiKey, Invocation, InvocationPage, UnderWay, Version } from '../lib/types'
import {
  empty,
  functionLink,
  invocationLink,
  problemNotice,
  progressMark,
  statusMark,
  timeAgo,
} from '../lib/widgets'
import { loadFunction } from '../parts/function-head'
import { waitingSentence } from '../parts/result-pane'

const FILTERS = ['status', 'version', 'key', 'from', 'to', 'q'] as const
type Filter = (typeof FILTERS)[number]

/** The list of invocations of a function, or of the workspace. The filters stand in the URL. */
export async function start(): Promise<void> {
  const name = document.getElementById('function')?.dataset.function ?? null
  const base = name ? path`/functions/${name}/invocations` : '/invocations'
  if (name)
    loadFunction(base).catch((failure) =>
      fill(byId('invocations'), h('div', { class: 'card-body' }, problemNotice(failure))),
    )
  drawFilters(name, base)
  await load(base, name)
  window.addEventListener('popstate', () => location.reload())
}

function filters(): Partial<Record<Filter, string>> {
  const search = new URLSearchParams(location.search)
  return Object.fromEntries(
    FILTERS.map((filter) => [filter, search.get(filter) ?? '']).filter(([, value]) => value),
  )
}

function drawFilters(name: string | null, base: string): void {
  const now = filters()
  const change = (filter: Filter, value: string): void => {
    history.replaceState(null, '', location.pathname + query({ ...filters(), [filter]: value }))
    load(base, name)
  }
  const select = (filter: Filter, label: string, options: [string, string][]): HTMLElement => {
    const control = h(
      'select',
      { class: 'input', id: filter },
      h('option', { value: '' }, 'any'),
      options.map(([value, words]) => h('option', { value, selected: now[filter] === value }, words)),
    )
    control.addEventListener('change', () => change(filter, control.value))
    return h('div', { class: 'field' }, h('label', { htmlFor: filter }, label), control)
  }
  const time = (filter: 'from' | 'to', label: string): HTMLElement => {
    const control = h('input', {
      class: 'input',
      type: 'datetime-local',
      id: filter,
      value: now[filter]
        ? stamp(now[filter] ?? '')
            .replace(' ', 'T')
            .slice(0, 16)
        : '',
    })
    control.addEventListener('change', () =>
      change(filter, control.value ? new Date(control.value).toISOString() : ''),
    )
    return h('div', { class: 'field' }, h('label', { htmlFor: filter }, label), control)
  }
  const text = h('input', {
    class: 'input',
    type: 'search',
    id: 'q',
    value: now.q ?? '',
    placeholder: 'Request id or error',
    autocomplete: 'off',
  })
  text.addEventListener(
    'input',
    debounce(250, () => change('q', text.value.trim())),
  )
  const form = byId('filters')
  form.addEventListener('submit', (event) => event.preventDefault())
  fill(
    form,
    h('div', { class: 'field grow' }, h('label', { htmlFor: 'q' }, 'Search'), text),
    select('status', 'Outcome', Object.entries(STATUS_WORDS)),
    time('from', 'From'),
    time('to', 'To'),
  )
  if (name) {
    list<Version>(`${path`/functions/${name}/versions`}?limit=100`)
      .then((versions) =>
        form.append(
          select('version', 'Version', [
            ['$LATEST', 'draft'],
            ...versions.map(({ number }): [string, string] => [String(number), String(number)]),
          ]),
        ),
      )
      .catch(() => undefined)
  }
  list<ApiKey>('/keys')
    .then(
      (keys) =>
        keys.length &&
        form.append(
          select(
            'key',
            'API key',
            keys.map(({ id, name }) => [id, name]),
          ),
        ),
    )
    .catch(() => undefined)
}

const LOOK_MILLIS = 2000
let timer: ReturnType<typeof setTimeout> | undefined

/** Looks again while something is under way, unless somebody reads on or has the keyboard in the list. */
function lookAgain(base: string, name: string | null): void {
  clearTimeout(timer)
  timer = setTimeout(() => {
    const busy = byId('invocations').contains(document.activeElement) || document.hidden
    if (busy) lookAgain(base, name)
    else load(base, name)
  }, LOOK_MILLIS)
}

async function load(base: string, name: string | null, cursor: string | null = null): Promise<void> {
  const card = byId('invocations')
  const asked = location.search
  clearTimeout(timer)
  try {
    const page = await get<InvocationPage>(`${base}${query({ ...filters(), cursor })}`)
    if (location.search !== asked) return
    card.querySelector('.pager')?.remove()
    if (cursor) card.querySelector('tbody')?.append(...page.items.map((item) => row(item, name)))
    else if (page.items.length + page.underWay.length === 0) fill(card, nothing(name))
    else fill(card, table(page, name))
    if (page.underWay.length > 0) lookAgain(base, name)
    if (page.nextCursor) {
      const next = page.nextCursor
      card.append(
        h(
          'div',
          { class: 'pager' },
          h(
            'button',
            { type: 'button', class: 'button', onclick: () => load(base, name, next) },
            'Show older',
          ),
        ),
      )
    }
  } catch (failure) {
    fill(
      card,
      h(
        'div',
        { class: 'card-body' },
        problemNotice(failure, () => load(base, name, cursor)),
      ),
    )
  }
}

function nothing(name: string | null): HTMLElement {
  if (Object.keys(filters()).length > 0) {
    return empty(
      'Nothing matches',
      'No invocation fits these filters.',
      h('a', { class: 'button', href: location.pathname }, 'Clear the filters'),
    )
  }
  return name
    ? empty(
        'Not run yet',
        'Every run appears here with its input, result, log and times.',
        h('a', { class: 'button primary', href: functionLink(name) }, 'To the code'),
      )
    : empty(
        'Nothing has run yet',
        'Every run of every function appears here.',
        h('a', { class: 'button primary', href: functionLink('').replace(/\/$/, '') }, 'To the functions'),
      )
}

function table(page: InvocationPage, name: string | null): HTMLElement {
  const columns = ['Outcome', ...(name ? [] : ['Function']), 'Started', 'Version', 'By', 'Duration', 'Memory']
  return h(
    'div',
    { class: 'table-wrap' },
    h(
      'table',
      { class: 'table folds' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((column) =>
            h(
              'th',
              { scope: 'col', class: column === 'Duration' || column === 'Memory' ? 'num' : '' },
              column,
            ),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        page.underWay.map((item) => liveRow(item, name)),
        page.items.map((item) => row(item, name)),
      ),
    ),
  )
}

/** One that waits or runs now. */
function liveRow(item: UnderWay, name: string | null): HTMLElement {
  const words = PROGRESS_WORDS[item.status]
  return h(
    'tr',
    { class: 'live' },
    outcomeCell(
      item.requestId,
      words,
      progressMark(item.status),
      item.waiting ? waitingSentence(item.waiting) : '',
    ),
    !name && functionCell(item.function),
    startedCell(item.startedAt),
    versionCell(item),
    byCell(item),
    h('td', { class: 'num', 'data-label': 'Duration' }, h('span', { class: 'soft' }, 'not over')),
    h('td', { class: 'num', 'data-label': 'Memory' }, h('span', { class: 'soft' }, `of ${item.memory} MB`)),
  )
}

function row(item: Invocation, name: string | null): HTMLElement {
  const total = item.queueMillis + item.initMillis + item.runMillis
  const interrupted = item.status === 'interrupted'
  return h(
    'tr',
    {},
    outcomeCell(
      item.requestId,
      STATUS_WORDS[item.status],
      statusMark(item.status),
      interrupted
        ? 'The service stopped'
        : item.errorMessage
          ? `${item.errorType ?? ''} ${item.errorMessage}`.trim().slice(0, 140)
          : '',
    ),
    !name && functionCell(item.function),
    startedCell(item.startedAt),
    versionCell(item),
    byCell(item),
    h(
      'td',
      { class: 'num', 'data-label': 'Duration' },
      h(
        'span',
        {},
        interrupted ? atLeast(total) : millis(total),
        item.coldStart && h('span', { class: 'sub' }, 'cold start'),
      ),
    ),
    h(
      'td',
      { class: 'num', 'data-label': 'Memory' },
      interrupted ? h('span', { class: 'soft' }, `of ${item.memory} MB`) : bytes(item.peakMemoryBytes),
    ),
  )
}

function outcomeCell(requestId: string, words: string, mark: HTMLElement, why: string): HTMLElement {
  return h(
    'td',
    {},
    h(
      'span',
      {},
      h('a', { href: invocationLink(requestId), 'aria-label': `${words}, invocation ${requestId}` }, mark),
      h('span', { class: 'sub' }, why || h('span', { class: 'mono' }, requestId.slice(0, 8))),
    ),
  )
}

function functionCell(name: string): HTMLElement {
  return h('td', { 'data-label': 'Function' }, h('a', { class: 'name', href: functionLink(name) }, name))
}

function startedCell(startedAt: string): HTMLElement {
  return h(
    'td',
    { 'data-label': 'Started' },
    h(
      'span',
      {},
      h('span', { class: 'nums' }, stamp(startedAt)),
      h('span', { class: 'sub' }, timeAgo(startedAt)),
    ),
  )
}

function versionCell(item: Pick<Invocation, 'version' | 'alias'>): HTMLElement {
  return h(
    'td',
    { 'data-label': 'Version' },
    h(
      'span',
      {},
      item.version === '$LATEST' ? 'draft' : item.version,
      item.alias && h('span', { class: 'sub' }, item.alias),
    ),
  )
}

function byCell(item: Pick<Invocation, 'key' | 'trigger'>): HTMLElement {
  return h('td', { 'data-label': 'By' }, h('span', {}, item.key ? item.key.name : item.trigger))
}
