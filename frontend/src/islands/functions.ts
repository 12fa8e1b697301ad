import { call, get, list, path, query } from '../lib/api'
import { byId, debounce, fill, h, link } from '../lib/dom'
import { count, plural } from '../lib/format'
import type { DeletedFunction, FunctionSummary, Metrics, Page } from '../lib/types'
import {
  empty,
  functionLink,
  problemNotice,
  sparkline,
  statusMark,
  timeAgo,
  toast,
  toastProblem,
} from '../lib/widgets'

/** The list of functions. The search stands in the URL. */
export function start(): void {
  const input = byId<HTMLInputElement>('q')
  input.value = new URLSearchParams(location.search).get('q') ?? ''
  input.form?.addEventListener('submit', (event) => event.preventDefault())
  input.addEventListener(
    'input',
    debounce(180, () => {
      history.replaceState(null, '', location.pathname + query({ q: input.value.trim() }))
      load(input.value.trim())
    }),
  )
  load(input.value.trim())
  loadDeleted()
}

async function load(q: string, cursor: string | null = null): Promise<void> {
  const card = byId('functions')
  try {
    const page = await get<Page<FunctionSummary>>(`/functions${query({ q, cursor })}`)
    if (byId<HTMLInputElement>('q').value.trim() !== q) return
    if (cursor) {
      card.querySelector('.pager')?.remove()
      card.querySelector('tbody')?.append(...page.items.map(row))
    } else if (page.items.length === 0) fill(card, q ? nothingFound(q) : nothingYet())
    else fill(card, table(page.items))
    if (page.nextCursor) {
      const next = page.nextCursor
      card.append(
        h(
          'div',
          { class: 'pager' },
          h('button', { type: 'button', class: 'button', onclick: () => load(q, next) }, 'Show more'),
        ),
      )
    }
    drawSparklines(card)
  } catch (failure) {
    fill(
      card,
      h(
        'div',
        { class: 'card-body' },
        problemNotice(failure, () => load(q, cursor)),
      ),
    )
  }
}

function table(items: FunctionSummary[]): HTMLElement {
  return h(
    'table',
    { class: 'table folds' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Name', 'Runtime', 'Last run', 'Last 24 hours', 'Changed'].map((name) =>
          h('th', { scope: 'col' }, name),
        ),
      ),
    ),
    h('tbody', {}, items.map(row)),
  )
}

function row(f: FunctionSummary): HTMLElement {
  const invocations = f.invocations24h ?? 0
  const errors = f.errors24h ?? 0
  return h(
    'tr',
    {},
    h(
      'td',
      {},
      h(
        'span',
        {},
        h('a', { class: 'name', href: functionLink(f.name) }, f.name),
        f.description && h('span', { class: 'sub' }, f.description),
      ),
    ),
    h('td', { 'data-label': 'Runtime' }, h('span', { class: 'chip mono' }, f.runtime)),
    h(
      'td',
      { 'data-label': 'Last run' },
      f.lastInvocation
        ? h(
            'span',
            {},
            statusMark(f.lastInvocation.status),
            h('span', { class: 'sub' }, timeAgo(f.lastInvocation.startedAt)),
          )
        : h('span', { class: 'soft' }, 'never'),
    ),
    h(
      'td',
      { 'data-label': 'Last 24 hours' },
      h(
        'span',
        { class: 'row' },
        h('span', { class: 'spark-slot', 'data-function': f.name, 'data-count': invocations }),
        h(
          'span',
          { class: 'nums small' },
          plural(invocations, 'run'),
          errors > 0 && h('span', { class: 'sub' }, plural(errors, 'error')),
        ),
      ),
    ),
    h('td', { 'data-label': 'Changed' }, h('span', {}, timeAgo(f.updatedAt))),
  )
}

/** Counts per hour come afterwards, and only for functions that ran and are in view. */
function drawSparklines(card: HTMLElement): void {
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue
      seen.unobserve(entry.target)
      drawSparkline(entry.target as HTMLElement)
    }
  })
  for (const slot of card.querySelectorAll<HTMLElement>('.spark-slot:empty')) {
    slot.append(sparkline(Array(24).fill({ invocations: 0, errors: 0 }), 'No runs'))
    if (Number(slot.dataset.count) > 0) seen.observe(slot)
  }
}

async function drawSparkline(slot: HTMLElement): Promise<void> {
  const to = new Date()
  const from = new Date(to.getTime() - 24 * 3_600_000)
  const range = query({ from: from.toISOString(), to: to.toISOString(), step: '1h' })
  try {
    const metrics = await get<Metrics>(path`/functions/${slot.dataset.function ?? ''}/metrics` + range)
    slot.replaceChildren(
      sparkline(
        metrics.points,
        `Runs per hour over 24 hours: ${count(metrics.totals.invocations)}, of which ${count(metrics.totals.errors)} failed`,
      ),
    )
  } catch {
    slot.title = 'The counts per hour could not be loaded'
  }
}

/** What was deleted in the last 30 days, and the way back. */
async function loadDeleted(): Promise<void> {
  const place = byId('deleted')
  const deleted = await list<DeletedFunction>('/deleted-functions').catch(() => [])
  fill(
    place,
    deleted.length > 0 &&
      h(
        'details',
        { class: 'card' },
        h('summary', { class: 'card-head' }, h('h2', {}, `Recently deleted (${deleted.length})`)),
        h(
          'table',
          { class: 'table folds' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, 'Name'),
              h('th', { scope: 'col' }, 'Deleted'),
              h('th', { scope: 'col' }, 'Gone for good'),
              h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Actions')),
            ),
          ),
          h(
            'tbody',
            {},
            deleted.map((f) =>
              h(
                'tr',
                {},
                h('td', {}, h('span', { class: 'name' }, f.name)),
                h('td', { 'data-label': 'Deleted' }, timeAgo(f.deletedAt)),
                h('td', { 'data-label': 'Gone for good' }, timeAgo(f.goneForGoodAt)),
                h(
                  'td',
                  { class: 'end' },
                  h(
                    'button',
                    {
                      type: 'button',
                      class: 'button small',
                      'aria-label': `Undelete ${f.name}`,
                      onclick: () => undelete(f.name),
                    },
                    'Undelete',
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
  )
}

async function undelete(name: string): Promise<void> {
  try {
    await call('POST', path`/deleted-functions/${name}/undelete`)
    toast(`${name} is back, with its versions, aliases and test events.`)
    await Promise.all([load(byId<HTMLInputElement>('q').value.trim()), loadDeleted()])
  } catch (failure) {
    toastProblem(failure)
  }
}

function nothingYet(): HTMLElement {
  return empty(
    'No functions yet',
    'A function is a few lines of code with an address. Start from working sample code.',
    h('a', { class: 'button primary', href: link('/new-function') }, 'New function'),
  )
}

function nothingFound(q: string): HTMLElement {
  return empty(
    'Nothing found',
    `No function of this workspace has “${q}” in its name or description.`,
    h(
      'button',
      {
        type: 'button',
        class: 'button',
        onclick: () => {
          const input = byId<HTMLInputElement>('q')
          input.value = ''
          input.dispatchEvent(new Event('input'))
          input.focus()
        },
      },
      'Clear the search',
    ),
  )
}
