import { call, get } from '../lib/api'
import { type Child, fill, h, link } from '../lib/dom'
import { type ApiCall, LANGUAGES, type Language, sample } from '../lib/samples'
import type { ApiKey, Page } from '../lib/types'
import { codeBlock, openDialog, problemNotice } from '../lib/widgets'

/** Shows the call behind what is on the page. */
export function openApiCall(apiCall: ApiCall): void {
  openDialog('The API call for this page', () => [apiCallPanel(() => apiCall)], { wide: true })
}

/** Secrets made on this page, by key id. Nothing else ever knows them again. */
const secrets = new Map<string, string>()

/**
 * The call in four languages, with the real address and a key of choice. A key's secret is unknown once its creation is over,
 * so the sample reads it from a variable, unless the key was made right here.
 */
export function apiCallPanel(current: () => ApiCall): HTMLElement {
  let language: Language = 'curl'
  let keys: ApiKey[] = []
  let keyId = ''
  const code = h('div', {})
  const hint = h('p', { class: 'hint' })
  const choice = h('select', { class: 'input small', 'aria-label': 'API key for the sample' })
  const trouble = h('div', {})

  const draw = (): void => {
    const key = keys.find(({ id }) => id === keyId)
    const secret = secrets.get(keyId) ?? null
    fill(
      code,
      codeBlock(sample(language, current(), location.origin + link(''), secret), `${language} sample`),
    )
    hint.textContent = secret
      ? 'The sample contains the secret. It is shown only until you leave this page.'
      : key
        ? `Set FUNKHAUS_KEY to the secret of “${key.name}”, which begins with ${key.prefix}.`
        : 'Set FUNKHAUS_KEY to the secret of an API key.'
  }
  const drawKeys = (): void => {
    fill(
      choice,
      keys.length === 0 && h('option', { value: '' }, 'no key yet'),
      keys.map((key) =>
        h('option', { value: key.id, selected: key.id === keyId }, `${key.name} (${key.scope})`),
      ),
    )
    draw()
  }
  const create = async (): Promise<void> => {
    try {
      const invokes = /^\/functions\/[^/]+\/invocations/.test(current().path) && current().method === 'POST'
      const made = await call<ApiKey>('POST', '/keys', {
        body: { name: `Sample ${new Date().toISOString().slice(0, 16)}`, scope: invokes ? 'invoke' : 'full' },
      })
      if (made.body.secret) secrets.set(made.body.id, made.body.secret)
      keys = [made.body, ...keys]
      keyId = made.body.id
      fill(trouble)
      drawKeys()
    } catch (failure) {
      fill(trouble, problemNotice(failure))
    }
  }

  choice.addEventListener('change', () => {
    keyId = choice.value
    draw()
  })
  const languages: Child[] = LANGUAGES.map((name) => {
    const button = h('button', { type: 'button', 'aria-pressed': String(name === language) }, name)
    button.addEventListener('click', () => {
      language = name
      for (const other of button.parentElement?.children ?? [])
        other.setAttribute('aria-pressed', String(other === button))
      draw()
    })
    return button
  })
  const panel = h(
    'div',
    { class: 'stack' },
    h(
      'div',
      { class: 'row' },
      h('div', { class: 'segments', role: 'group', 'aria-label': 'Language' }, languages),
      h('label', { class: 'check' }, h('span', { class: 'small soft' }, 'Key'), choice),
      h('button', { type: 'button', class: 'button small', onclick: create }, 'New key for this call'),
    ),
    code,
    hint,
    trouble,
  )
  panel.addEventListener('funkhaus:redraw', draw)
  draw()
  get<Page<ApiKey>>('/keys')
    .then((page) => {
      keys = page.items.filter(
        (key) => !key.revokedAt && !(key.expiresAt && Date.parse(key.expiresAt) < Date.now()),
      )
      keyId = keys[0]?.id ?? ''
      drawKeys()
    })
    .catch((failure) => fill(trouble, problemNotice(failure)))
  return panel
}
