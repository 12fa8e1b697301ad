import { call, get, list, Problem, path } from '../lib/api'
import { byId, fill, functionName, h, link } from '../lib/dom'
import { parseDotenv } from '../lib/dotenv'
import { ago, plural } from '../lib/format'
import type { Alias, FunctionSummary, Installation, Runtime, Version } from '../lib/types'
import { openDialog, problemNotice, toast } from '../lib/widgets'
import { ConcurrencyCard } from '../parts/concurrency-card'
import { check, choices, clearErrors, field, showRefusal, watchEdits } from '../parts/fields'
import { drawFunctionHead, loadFunction } from '../parts/function-head'
import { ProvisionedCard } from '../parts/provisioned-card'

const ENVIRONMENT_LIMIT = 4096

/** Settings of a function, each with its limit beside it; and its end. */
export async function start(): Promise<void> {
  try {
    const f = await loadFunction(path`/functions/${functionName()}`)
    await draw(f)
  } catch (failure) {
    fill(
      byId('content'),
      problemNotice(failure, () => location.reload()),
    )
  }
}

async function draw(f: FunctionSummary): Promise<void> {
  const [runtimes, installation] = await Promise.all([
    list<Runtime>('/runtimes').catch(() => []),
    get<Installation>('/installation').catch(() => null),
  ])
  const concurrency = new ConcurrencyCard(f.name)
  const provisioned = new ProvisionedCard(f.name)
  await Promise.all([concurrency.load(), provisioned.load()])
  fill(
    byId('content'),
    settingsForm(f, runtimes, installation),
    concurrency.element,
    provisioned.element,
    dangerZone(f),
  )
  if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView()
}

function settingsForm(
  f: FunctionSummary,
  runtimes: Runtime[],
  installation: Installation | null,
): HTMLElement {
  const dirty = h('span', { class: 'chip accent', hidden: true, role: 'status' })
  const trouble = h('div', {})
  const environment = environmentEditor(f.environment)
  const names = runtimes.some(({ name }) => name === f.runtime)
    ? runtimes.map(({ name }) => name)
    : [f.runtime, ...runtimes.map(({ name }) => name)]
  const input = (name: string, value: string | number, props: Record<string, unknown>) =>
    h('input', {
      class: 'input',
      id: name,
      name,
      value: String(value),
      required: true,
      'aria-describedby': `${name}-hint`,
      ...props,
    })
  const form = h(
    'form',
    { class: 'stack' },
    h(
      'section',
      { class: 'card' },
      h('div', { class: 'card-head' }, h('h2', {}, 'General')),
      h(
        'div',
        { class: 'card-body stack' },
        field(
          'description',
          'Description',
          input('description', f.description ?? '', { maxLength: 256, required: false }),
          'Shown in the list of functions.',
        ),
        field(
          'runtime',
          'Runtime',
          h(
            'select',
            { class: 'input', id: 'runtime', name: 'runtime', 'aria-describedby': 'runtime-hint' },
            names.map((name) => h('option', { value: name, selected: name === f.runtime }, name)),
          ),
          'The language environment of the code.',
        ),
        field(
          'handler',
          'Handler',
          input('handler', f.handler, {
            class: 'input mono',
            maxLength: 128,
            spellcheck: false,
            autocomplete: 'off',
          }),
          'file.export: index.handler is the export handler of index.js or index.mjs.',
        ),
      ),
    ),
    h(
      'section',
      { class: 'card' },
      h('div', { class: 'card-head' }, h('h2', {}, 'Limits')),
      h(
        'div',
        { class: 'card-body stack' },
        field(
          'memory',
          'Memory',
          h(
            'span',
            { class: 'with-unit' },
            input('memory', f.memory, { type: 'number', min: 128, max: 10240, step: 1 }),
            'MB',
          ),
          '128 to 10240 MB. A sandbox that needs more is stopped and the invocation ends as out of memory.',
        ),
        field(
          'timeout',
          'Timeout',
          h(
            'span',
            { class: 'with-unit' },
            input('timeout', f.timeout, { type: 'number', min: 1, max: 900, step: 1 }),
            's',
          ),
          '1 to 900 s, counted from the start of the handler. Callers wait as long; there is no second, hidden limit.',
        ),
      ),
    ),
    sandboxSection(f, installation, input),
    environment.element,
    trouble,
    h('div', { class: 'row' }, h('button', { class: 'button primary' }, 'Save configuration'), dirty),
  )
  form.noValidate = true
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    fill(trouble)
    const fits = check(form)
    const variables = environment.read()
    if (!fits || !variables) return
    const values = new FormData(form)
    const wanted = {
      description: String(values.get('description')),
      runtime: String(values.get('runtime')),
      handler: String(values.get('handler')),
      memory: Number(values.get('memory')),
      timeout: Number(values.get('timeout')),
      isolation: String(values.get('isolation') ?? f.isolation),
      sandboxConcurrency: Number(values.get('sandboxConcurrency') ?? f.sandboxConcurrency),
      onDisconnect: String(values.get('onDisconnect') ?? f.onDisconnect),
      environment: variables,
    }
    const changed = Object.fromEntries(
      Object.entries(wanted).filter(
        ([name, value]) => JSON.stringify(value) !== JSON.stringify(f[name as keyof FunctionSummary] ?? ''),
      ),
    )
    if (Object.keys(changed).length === 0) {
      toast('Nothing has changed.')
      return
    }
    await save(f, changed, form, trouble)
  })
  watchEdits(form, dirty)
  return form
}

/** What runs the function, and how it deals with several callers and with those who leave. */
function sandboxSection(
  f: FunctionSummary,
  installation: Installation | null,
  input: (name: string, value: string | number, props: Record<string, unknown>) => HTMLInputElement,
): HTMLElement {
  const why = (setting: 'isolation' | 'onDisconnect', value: string): string | null =>
    installation?.[setting].find((choice) => choice.value === value)?.unavailable ?? null
  const most = Math.max(installation?.maximumSandboxConcurrency ?? 100, f.sandboxConcurrency)
  return h(
    'section',
    { class: 'card' },
    h('div', { class: 'card-head' }, h('h2', {}, 'Sandbox')),
    h(
      'div',
      { class: 'card-body stack' },
      choices('isolation', 'Isolation', f.isolation, [
        {
          value: 'container',
          title: 'Container',
          hint: 'Hardened, on the kernel of the host. Fast.',
          unavailable: why('isolation', 'container'),
        },
        {
          value: 'gvisor',
          title: 'gVisor',
          hint: 'A second wall: a kernel of its own in user space. For code you trust less; slower.',
          unavailable: why('isolation', 'gvisor'),
        },
      ]),
      field(
        'sandboxConcurrency',
        'Invocations per sandbox',
        h(
          'span',
          { class: 'with-unit' },
          input('sandboxConcurrency', f.sandboxConcurrency, {
            type: 'number',
            min: 1,
            max: most,
            step: 1,
          }),
          `of ${most}`,
        ),
        'How many run at the same time in one sandbox, sharing its memory. More than 1 only for code that can.',
      ),
      choices('onDisconnect', 'When the caller goes away', f.onDisconnect, [
        {
          value: 'finish',
          title: 'Finish',
          hint: 'The invocation runs to its end and is recorded.',
          unavailable: why('onDisconnect', 'finish'),
        },
        {
          value: 'cancel',
          title: 'Cancel',
          hint: 'It is ended within about a second and recorded as cancelled.',
          unavailable: why('onDisconnect', 'cancel'),
        },
      ]),
    ),
  )
}

async function save(
  f: FunctionSummary,
  changed: Record<string, unknown>,
  form: HTMLElement,
  trouble: HTMLElement,
): Promise<void> {
  try {
    const { body } = await call<FunctionSummary>('PATCH', path`/functions/${f.name}`, {
      body: changed,
      ifMatch: f.revision,
    })
    drawFunctionHead(body)
    await draw(body)
    toast('Saved. The next invocation of the draft uses it; publish to make it a version.')
  } catch (failure) {
    if (!(failure instanceof Problem) || failure.status !== 412) {
      clearErrors(form)
      if (showRefusal(form, failure)) return
      fill(trouble, problemNotice(failure))
      return
    }
    const now = await get<FunctionSummary>(path`/functions/${f.name}`)
    fill(
      trouble,
      h(
        'div',
        { class: 'notice warn', role: 'alert' },
        h(
          'p',
          {},
          `${now.updatedBy ?? 'Someone'} saved this function ${ago(now.updatedAt, Date.now())}. Keep your settings (only the ones you changed), or take theirs?`,
        ),
        h('button', { type: 'button', class: 'button', onclick: () => draw(now) }, 'Take theirs'),
        h(
          'button',
          { type: 'button', class: 'button primary', onclick: () => save(now, changed, form, trouble) },
          'Keep mine',
        ),
      ),
    )
  }
}

/** Rows of variables. Pasting the text of an .env file into a name fills rows from it. */
function environmentEditor(variables: Record<string, string>): {
  element: HTMLElement
  read: () => Record<string, string> | null
} {
  const rows = h('div', { class: 'stack' })
  const size = h('span', { class: 'hint nums' })
  const trouble = h('p', { class: 'error', role: 'alert' })
  const entries = (): [string, string][] =>
    [...rows.querySelectorAll<HTMLElement>('.env-row')]
      .map((row): [string, string] => {
        const [name, value] = row.querySelectorAll('input')
        return [name?.value.trim() ?? '', value?.value ?? '']
      })
      .filter(([name, value]) => name !== '' || value !== '')
  const measure = (): void => {
    const used = entries().reduce(
      (sum, [name, value]) => sum + new TextEncoder().encode(name + value).length,
      0,
    )
    size.textContent = `${used} of ${ENVIRONMENT_LIMIT} bytes`
    size.classList.toggle('error', used > ENVIRONMENT_LIMIT)
  }
  const addRow = (name = '', value = ''): HTMLInputElement => {
    const nameInput = h('input', {
      class: 'input mono',
      value: name,
      'aria-label': 'Name',
      placeholder: 'NAME',
      spellcheck: false,
      autocomplete: 'off',
    })
    const row = h(
      'div',
      { class: 'env-row' },
      nameInput,
      h('input', {
        class: 'input mono',
        value,
        'aria-label': `Value of ${name || 'the new variable'}`,
        placeholder: 'value',
        spellcheck: false,
        autocomplete: 'off',
      }),
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet icon',
          'aria-label': `Remove ${name || 'this variable'}`,
          onclick: () => removeRow(),
        },
        '✕',
      ),
    )
    const removeRow = (): void => {
      row.remove()
      measure()
    }
    nameInput.addEventListener('paste', (event) => {
      const text = event.clipboardData?.getData('text') ?? ''
      if (!text.includes('=')) return
      event.preventDefault()
      const { variables, refused } = parseDotenv(text)
      if (nameInput.value === '') row.remove()
      const known = new Map(entries())
      for (const [key, pasted] of Object.entries(variables)) {
        if (known.has(key)) rowOf(key)?.remove()
        addRow(key, pasted)
      }
      measure()
      const many = Object.keys(variables).length
      toast(
        `${plural(many, 'variable')} pasted${refused.length ? `; not understood: ${refused.join(', ').slice(0, 120)}` : ''}.`,
        { bad: refused.length > 0 },
      )
    })
    rows.append(row)
    measure()
    return nameInput
  }
  const rowOf = (key: string): Element | undefined =>
    [...rows.querySelectorAll('.env-row')].find((row) => row.querySelector('input')?.value === key)
  rows.addEventListener('input', measure)
  for (const [name, value] of Object.entries(variables)) addRow(name, value)
  measure()
  const element = h(
    'section',
    { class: 'card', 'aria-labelledby': 'environment-title' },
    h(
      'div',
      { class: 'card-head' },
      h('h2', { id: 'environment-title' }, 'Environment'),
      h('span', { class: 'end' }, size),
    ),
    h(
      'div',
      { class: 'card-body stack' },
      h(
        'p',
        { class: 'hint' },
        'Read by the code as process.env.NAME or os.environ["NAME"]. Paste a whole .env file into a name.',
      ),
      rows,
      trouble,
      h(
        'div',
        {},
        h(
          'button',
          { type: 'button', class: 'button small', id: 'add-variable', onclick: () => addRow().focus() },
          'Add variable',
        ),
      ),
    ),
  )
  const read = (): Record<string, string> | null => {
    const all = entries()
    const wrong = all.find(([name]) => !/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
    const twice = all.find(([name], i) => all.findIndex(([other]) => other === name) !== i)
    trouble.textContent = wrong
      ? `A name starts with a letter and has letters, digits and _; this is “${wrong[0]}”.`
      : twice
        ? `${twice[0]} is there twice.`
        : ''
    return wrong || twice ? null : Object.fromEntries(all)
  }
  return { element, read }
}

function dangerZone(f: FunctionSummary): HTMLElement {
  return h(
    'section',
    { class: 'card', 'aria-labelledby': 'delete-title' },
    h('div', { class: 'card-head' }, h('h2', { id: 'delete-title' }, 'Delete')),
    h(
      'div',
      { class: 'card-body row' },
      h('p', { class: 'soft' }, 'Callers get an error from then on. It can be taken back for 30 days.'),
      h(
        'button',
        { type: 'button', class: 'button danger', onclick: () => deleteFunction(f) },
        'Delete function…',
      ),
    ),
  )
}

async function deleteFunction(f: FunctionSummary): Promise<void> {
  const [versions, aliases] = await Promise.all([
    list<Version>(`${path`/functions/${f.name}/versions`}?limit=100`).catch(() => []),
    list<Alias>(path`/functions/${f.name}/aliases`).catch(() => []),
  ])
  const input = h('input', {
    class: 'input mono',
    id: 'confirm-name',
    autocomplete: 'off',
    spellcheck: false,
    'data-focus': true,
    'aria-describedby': 'confirm-error',
  })
  const error = h('span', { class: 'error', id: 'confirm-error', role: 'alert' })
  const answer = await openDialog(`Delete ${f.name}?`, (close) => [
    h(
      'form',
      {
        class: 'stack',
        onsubmit: (event: Event) => {
          event.preventDefault()
          if (input.value === f.name) close('delete')
          else error.textContent = `Type ${f.name} exactly.`
        },
      },
      h(
        'p',
        {},
        `Gone from now on: the draft, ${plural(versions.length, 'version')}, ${plural(aliases.length, 'alias', 'aliases')} and the saved test events; callers get an error. For 30 days it can be taken back from the list of functions. Records of past invocations stay until their time is over.`,
      ),
      h(
        'div',
        { class: 'field' },
        h('label', { htmlFor: 'confirm-name' }, 'Type the name of the function'),
        input,
        error,
      ),
      h(
        'div',
        { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button', onclick: () => close() }, 'Keep it'),
        h('button', { class: 'button danger' }, 'Delete function'),
      ),
    ),
  ])
  if (answer !== 'delete') return
  try {
    await call('DELETE', path`/functions/${f.name}`)
    location.href = link('/functions')
  } catch (failure) {
    byId('content').append(problemNotice(failure))
  }
}
