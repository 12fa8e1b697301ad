import { call, list, Problem } from '../lib/api'
import { byId, fill, h } from '../lib/dom'
import type { FunctionSummary, Runtime } from '../lib/types'
import { functionLink, problemNotice } from '../lib/widgets'

const NAMES: Record<string, string> = {
  'nodejs22.x': 'Node.js 22',
  'nodejs20.x': 'Node.js 20',
  'python3.11': 'Python 3.11',
}

/** The form that creates a function with its runtime's sample code. */
export async function start(): Promise<void> {
  const form = byId<HTMLFormElement>('create')
  const name = byId<HTMLInputElement>('name')
  const error = byId('name-error')
  const refuse = (message: string): void => {
    error.textContent = message
    name.setAttribute('aria-invalid', 'true')
    name.focus()
  }
  name.addEventListener('input', () => {
    error.textContent = ''
    name.removeAttribute('aria-invalid')
  })
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    fill(byId('create-problem'))
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name.value)) {
      refuse(`A name has 1 to 64 letters, digits, - and _; this is “${name.value}”.`)
      return
    }
    const values = new FormData(form)
    try {
      await call<FunctionSummary>('POST', '/functions', {
        body: {
          name: name.value,
          runtime: values.get('runtime'),
          ...(values.get('description') ? { description: values.get('description') } : {}),
        },
      })
      location.href = functionLink(name.value)
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 409) refuse(failure.message)
      else fill(byId('create-problem'), problemNotice(failure))
    }
  })
  name.focus()
  await loadRuntimes()
}

async function loadRuntimes(): Promise<void> {
  const runtimes = await list<Runtime>('/runtimes')
  const first = runtimes.find((runtime) => runtime.available)
  fill(
    byId('runtimes'),
    runtimes.map((runtime) =>
      h(
        'label',
        { class: 'choice' },
        h('input', {
          type: 'radio',
          name: 'runtime',
          value: runtime.name,
          checked: runtime === first,
          disabled: !runtime.available,
        }),
        h('strong', {}, NAMES[runtime.name] ?? runtime.name),
        h(
          'span',
          { class: 'hint' },
          runtime.available
            ? h('code', {}, runtime.sampleHandler)
            : 'Its image is missing here: run ./funkhaus up',
        ),
      ),
    ),
  )
}
