import { call, get, list, path, query } from '../lib/api'
import { byId, fill, functionName, h } from '../lib/dom'
import { count } from '../lib/format'
import type { Alias, Metrics, Version } from '../lib/types'
import { empty, functionLink, openDialog, problemNotice, timeAgo, toast, toastProblem } from '../lib/widgets'
import { loadFunction } from '../parts/function-head'

/** Names that point to versions, or share calls between two. */
export async function start(): Promise<void> {
  try {
    await loadFunction(path`/functions/${functionName()}/aliases`)
    await load()
  } catch (failure) {
    fill(
      byId('content'),
      problemNotice(failure, () => location.reload()),
    )
  }
}

async function load(): Promise<void> {
  const name = functionName()
  const [aliases, versions] = await Promise.all([
    list<Alias>(path`/functions/${name}/aliases`),
    list<Version>(`${path`/functions/${name}/versions`}?limit=100`),
  ])
  const add = h(
    'button',
    { type: 'button', class: 'button primary', onclick: () => edit(null, versions) },
    'New alias',
  )
  fill(
    byId('content'),
    h(
      'section',
      { class: 'card', 'aria-label': 'Aliases' },
      versions.length === 0
        ? empty(
            'Publish first',
            'An alias points to a version, and this function has none yet.',
            h('a', { class: 'button primary', href: functionLink(name) }, 'To the code'),
          )
        : aliases.length === 0
          ? empty(
              'No aliases yet',
              'An alias such as live is a name callers keep while you move it from version to version, or try a new version on a share of the calls.',
              add,
            )
          : [
              h('div', { class: 'card-head' }, h('h2', {}, 'Aliases'), h('span', { class: 'end' }, add)),
              table(aliases, versions),
            ],
    ),
  )
}

function table(aliases: Alias[], versions: Version[]): HTMLElement {
  return h(
    'table',
    { class: 'table folds' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        ['Name', 'Points to', 'Calls in 24 hours', 'Moved', ''].map((title) =>
          h('th', { scope: 'col' }, title || h('span', { class: 'visually-hidden' }, 'Actions')),
        ),
      ),
    ),
    h(
      'tbody',
      {},
      aliases.map((alias) => {
        const traffic = h('td', { 'data-label': 'Calls in 24 hours' }, h('span', { class: 'soft' }, '…'))
        drawTraffic(traffic, alias)
        return h(
          'tr',
          {},
          h('td', {}, h('span', { class: 'name' }, alias.name)),
          h('td', { 'data-label': 'Points to' }, h('span', {}, describe(alias))),
          traffic,
          h('td', { 'data-label': 'Moved' }, timeAgo(alias.updatedAt)),
          h(
            'td',
            { class: 'end' },
            h(
              'span',
              { class: 'row' },
              h(
                'button',
                {
                  type: 'button',
                  class: 'button small',
                  'aria-label': `Move ${alias.name}`,
                  onclick: () => edit(alias, versions),
                },
                'Move',
              ),
              h(
                'button',
                {
                  type: 'button',
                  class: 'button small quiet',
                  'aria-label': `Delete ${alias.name}`,
                  onclick: () => remove(alias),
                },
                'Delete',
              ),
            ),
          ),
        )
      }),
    ),
  )
}

function describe(alias: Alias): string {
  const other = alias.additionalVersion
  if (!other) return `version ${alias.version}`
  const share = Math.round(other.weight * 100)
  return `version ${alias.version} for ${100 - share} %, version ${other.version} for ${share} %`
}

/** How many calls each version has had, under whatever name. */
async function drawTraffic(cell: HTMLElement, alias: Alias): Promise<void> {
  const numbers = [alias.version, ...(alias.additionalVersion ? [alias.additionalVersion.version] : [])]
  const to = new Date()
  const from = new Date(to.getTime() - 86_400_000)
  try {
    const all = await Promise.all(
      numbers.map((version) =>
        get<Metrics>(
          path`/functions/${functionName()}/metrics` +
            query({ from: from.toISOString(), to: to.toISOString(), step: '1h', version }),
        ),
      ),
    )
    fill(
      cell,
      h(
        'span',
        {},
        all.map((metrics, i) => [
          i > 0 && ', ',
          `version ${numbers[i]}: ${count(metrics.totals.invocations)}`,
        ]),
      ),
    )
  } catch {
    fill(cell, h('span', { class: 'soft' }, 'not known'))
  }
}

async function edit(alias: Alias | null, versions: Version[]): Promise<void> {
  const choose = (id: string, current: number | undefined, none: boolean) =>
    h(
      'select',
      { class: 'input', id },
      none && h('option', { value: '' }, 'none'),
      versions.map(({ number, note }) =>
        h(
          'option',
          { value: String(number), selected: number === current },
          `${number}${note ? `: ${note.slice(0, 40)}` : ''}`,
        ),
      ),
    )
  const name = h('input', {
    class: 'input mono',
    id: 'alias-name',
    value: alias?.name ?? '',
    disabled: alias !== null,
    maxLength: 64,
    autocomplete: 'off',
    spellcheck: false,
    required: true,
    'data-focus': alias === null,
  })
  const version = choose('alias-version', alias?.version ?? versions[0]?.number, false)
  const other = choose('alias-other', alias?.additionalVersion?.version, true)
  const start = Math.round((alias?.additionalVersion?.weight ?? 0.1) * 100)
  const slider = h('input', {
    type: 'range',
    min: '0',
    max: '100',
    value: String(start),
    'aria-label': 'Share of the second version, slider',
  })
  const number = h('input', {
    type: 'number',
    class: 'input',
    id: 'alias-share',
    min: '0',
    max: '100',
    value: String(start),
  })
  const share = h(
    'div',
    { class: 'field', hidden: other.value === '' },
    h('label', { htmlFor: 'alias-share' }, 'Share of the second version'),
    slider,
    h('span', { class: 'with-unit' }, number, '%'),
  )
  slider.addEventListener('input', () => {
    number.value = slider.value
  })
  number.addEventListener('input', () => {
    slider.value = number.value
  })
  other.addEventListener('change', () => {
    share.hidden = other.value === ''
  })
  const trouble = h('div', {})
  await openDialog(alias ? `Move ${alias.name}` : 'New alias', (close) => [
    h(
      'form',
      {
        class: 'stack',
        onsubmit: async (event: Event) => {
          event.preventDefault()
          const target = {
            version: Number(version.value),
            additionalVersion:
              other.value === ''
                ? null
                : { version: Number(other.value), weight: Number(number.value) / 100 },
          }
          try {
            const base = path`/functions/${functionName()}/aliases`
            if (alias)
              await call('PUT', base + path`/${alias.name}`, { body: target, ifMatch: alias.revision })
            else await call('POST', base, { body: { name: name.value, ...target } })
            close()
            await load()
            toast(`${name.value} points to ${describe({ ...target, name: '', revision: 0, updatedAt: '' })}.`)
          } catch (failure) {
            fill(trouble, problemNotice(failure))
          }
        },
      },
      h('div', { class: 'field' }, h('label', { htmlFor: 'alias-name' }, 'Name'), name),
      h('div', { class: 'field' }, h('label', { htmlFor: 'alias-version' }, 'Version'), version),
      h(
        'div',
        { class: 'field' },
        h('label', { htmlFor: 'alias-other' }, 'Second version for a share of the calls'),
        other,
      ),
      share,
      trouble,
      h(
        'div',
        { class: 'dialog-actions' },
        h('button', { class: 'button primary' }, alias ? 'Move' : 'Create'),
      ),
    ),
  ])
}

async function remove(alias: Alias): Promise<void> {
  const answer = await openDialog(`Delete the alias ${alias.name}?`, (close) => [
    h('p', {}, `Calls with the qualifier ${alias.name} are refused from then on. The versions stay.`),
    h(
      'div',
      { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button', 'data-focus': true, onclick: () => close() }, 'Keep it'),
      h('button', { type: 'button', class: 'button danger', onclick: () => close('delete') }, 'Delete'),
    ),
  ])
  if (answer !== 'delete') return
  try {
    await call('DELETE', path`/functions/${functionName()}/aliases/${alias.name}`, {
      ifMatch: alias.revision,
    })
    await load()
  } catch (failure) {
    toastProblem(failure)
  }
}
