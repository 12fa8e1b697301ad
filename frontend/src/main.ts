import './styles/main.css'
import { h, link } from './lib/dom'
import { ago } from './lib/format'
import { problemNotice } from './lib/widgets'

// Each page names its island; its code is fetched only there.
const islands = import.meta.glob<{ start: () => void | Promise<void> }>('./islands/*.ts')

async function startIsland(): Promise<void> {
  const load = islands[`./islands/${document.body.dataset.island}.ts`]
  if (!load) return
  try {
    await (await load()).start()
  } catch (failure) {
    document.querySelector('main')?.append(problemNotice(failure, () => location.reload()))
    throw failure
  }
}

// Buttons anywhere say what they want with data-command.
document.addEventListener('click', async (event) => {
  const button = (event.target as Element).closest<HTMLElement>('[data-command]')
  if (!button) return
  if (button.dataset.command === 'palette') (await import('./parts/palette')).openPalette()
  if (button.dataset.command === 'shortcuts') (await import('./parts/shortcuts')).openShortcuts()
  if (button.dataset.command === 'api-call') {
    const { method = 'GET', path = '', body } = button.dataset
    ;(await import('./parts/api-call')).openApiCall({ method, path, ...(body ? { body } : {}) })
  }
})

document.addEventListener('keydown', async (event) => {
  const signedIn = document.querySelector('[data-command="palette"]')
  if (!signedIn || event.defaultPrevented) return
  if (
    (event.ctrlKey || event.metaKey) &&
    !event.shiftKey &&
    !event.altKey &&
    event.key.toLowerCase() === 'k'
  ) {
    event.preventDefault()
    ;(await import('./parts/palette')).openPalette()
  }
  if (event.key === '?' && !typing(event.target) && !document.querySelector('dialog[open]')) {
    event.preventDefault()
    ;(await import('./parts/shortcuts')).openShortcuts()
  }
})

function typing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}

// A session that ended must not cost anybody their work: say so once, and come back to this page.
document.addEventListener('funkhaus:signed-out', () => {
  if (document.getElementById('signed-out')) return
  const note = h(
    'div',
    { id: 'signed-out', class: 'notice warn', role: 'alert' },
    h('p', {}, 'You have been signed out. What you typed is kept in this browser.'),
    h(
      'a',
      {
        class: 'button',
        href: `${link('/sign-in')}?continue=${encodeURIComponent(location.pathname.slice(link('').length) + location.search)}`,
      },
      'Sign in again',
    ),
  )
  document.querySelector('main')?.prepend(note)
})

// The account menu closes like a menu does.
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
    if (!menu.contains(event.target as Node)) menu.open = false
  }
})
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')) {
    menu.open = false
    menu.querySelector('summary')?.focus()
  }
})

setInterval(() => {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-ago]')) {
    const words = ago(time.dateTime, Date.now())
    if (time.textContent !== words) time.textContent = words
  }
}, 10_000)

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)
for (const keys of document.querySelectorAll<HTMLElement>('[data-keys]')) {
  keys.textContent = (keys.dataset.keys ?? '').replace('Mod', apple ? '⌘' : 'Ctrl')
}

await startIsland()
