import { get, query } from '../lib/api'
import { debounce, h, link } from '../lib/dom'
import type { FunctionSummary, Page } from '../lib/types'
import { functionLink } from '../lib/widgets'

interface Entry {
  label: string
  note: string
  act: () => void
}

const go = (href: string) => () => {
  location.href = href
}

const PAGES: Entry[] = [
  { label: 'Functions', note: 'Page', act: go(link('/functions')) },
  { label: 'Invocations', note: 'Page', act: go(link('/invocations')) },
  { label: 'API keys', note: 'Page', act: go(link('/keys')) },
  { label: 'Account and appearance', note: 'Page', act: go(link('/account')) },
  { label: 'New function', note: 'Action', act: go(link('/new-function')) },
  { label: 'New API key', note: 'Action', act: go(link('/keys?new')) },
  {
    label: 'Keyboard shortcuts',
    note: 'Help',
    act: async () => (await import('./shortcuts')).openShortcuts(),
  },
]

const TABS = ['versions', 'configuration', 'aliases', 'invocations', 'metrics', 'api']

/** Goes to a function, a page or an action by a few letters. */
export function openPalette(): void {
  if (document.querySelector('.palette')) return
  let shown: Entry[] = []
  let chosen = 0
  const list = h('ul', { id: 'palette-list', role: 'listbox', 'aria-label': 'Matches' })
  const input = h('input', {
    class: 'input',
    type: 'text',
    role: 'combobox',
    placeholder: 'Function, page or action',
    autocomplete: 'off',
    spellcheck: false,
    'aria-label': 'Go to a function, page or action',
    'aria-expanded': 'true',
    'aria-controls': 'palette-list',
  })
  const dialog = h('dialog', { class: 'dialog palette', 'aria-label': 'Go to' }, input, list)

  const show = (entries: Entry[]): void => {
    shown = entries
    chosen = 0
    draw()
  }
  const draw = (): void => {
    list.replaceChildren(
      ...(shown.length
        ? shown.map((entry, i) =>
            h(
              'li',
              {
                id: `palette-${i}`,
                role: 'option',
                'aria-selected': String(i === chosen),
                onclick: () => {
                  dialog.close()
                  entry.act()
                },
              },
              h('span', {}, entry.label),
              h('small', {}, entry.note),
            ),
          )
        : [h('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, 'Nothing found')]),
    )
    input.setAttribute('aria-activedescendant', shown.length ? `palette-${chosen}` : '')
    list.children[chosen]?.scrollIntoView({ block: 'nearest' })
  }

  const search = debounce(120, async (text: string) => {
    const found = await get<Page<FunctionSummary>>(`/functions${query({ q: text, limit: 20 })}`).catch(
      () => null,
    )
    if (text !== input.value.trim()) return
    const functions = (found?.items ?? []).map((f) => ({
      label: f.name,
      note: 'Function',
      act: go(functionLink(f.name)),
    }))
    show([...functions, ...pagesFor(text)])
  })

  input.addEventListener('input', () => {
    show(pagesFor(input.value.trim()))
    search(input.value.trim())
  })
  input.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') chosen = Math.min(chosen + 1, shown.length - 1)
    else if (event.key === 'ArrowUp') chosen = Math.max(chosen - 1, 0)
    else if (event.key === 'Enter') {
      event.preventDefault()
      dialog.close()
      shown[chosen]?.act()
      return
    } else return
    event.preventDefault()
    draw()
  })
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  show(pagesFor(''))
  search('')
}

function pagesFor(text: string): Entry[] {
  const current = document.getElementById('function')?.dataset.function
  const ofFunction = current
    ? TABS.map((tab) => ({
        label: `${current}: ${tab === 'api' ? 'API' : tab}`,
        note: 'Page',
        act: go(`${functionLink(current)}/${tab}`),
      }))
    : []
  return [...ofFunction, ...PAGES].filter((entry) => entry.label.toLowerCase().includes(text.toLowerCase()))
}
