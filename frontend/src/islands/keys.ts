import { call, get, list, path } from '../lib/api'
import { byId, fill, h, link } from '../lib/dom'
import { sample } from '../lib/samples'
import type { ApiKey, FunctionSummary, Page } from '../lib/types'
import {
  codeBlock,
  copyButton,
  empty,
  openDialog,
  problemNotice,
  timeAgo,
  toastProblem,
} from '../lib/widgets'

/** API keys: made, shown once, revoked at once. */
export async function start(): Promise<void> {
  byId('new-key').addEventListener('click', create)
  await load()
  if (new URLSearchParams(location.search).has('new')) create()
}

async function load(): Promise<void> {
  const card = byId('keys')
  try {
    const keys = await list<ApiKey>('/keys?limit=100')
    fill(
      card,
      keys.length === 0
        ? empty(
            'No keys yet',
            'Programs call your functions with a key. One that may only call functions is enough for most.',
            h('button', { type: 'button', class: 'button primary', onclick: create }, 'New key'),
          )
        : h(
            'table',
            { class: 'table folds' },
            h(
              'thead',
              {},
              h(
                'tr',
                {},
                ['Name', 'Scope', 'Last used', 'Expires', 'Made', ''].map((title) =>
                  h('th', { scope: 'col' }, title || h('span', { class: 'visually-hidden' }, 'Actions')),
                ),
              ),
            ),
            h('tbody', {}, keys.map(row)),
          ),
    )
  } catch (failure) {
    fill(card, h('div', { class: 'card-body' }, problemNotice(failure, load)))
  }
}

function row(key: ApiKey): HTMLElement {
  const expired = key.expiresAt !== null && Date.parse(key.expiresAt) < Date.now()
  return h(
    'tr',
    {},
    h(
      'td',
      {},
      h(
        'span',
        {},
        h('span', { class: 'name' }, key.name),
        h('span', { class: 'sub mono' }, `${key.prefix}…`),
      ),
    ),
    h(
      'td',
      { 'data-label': 'Scope' },
      h('span', { class: 'chip' }, key.scope === 'full' ? 'full' : 'invoke only'),
    ),
    h(
      'td',
      { 'data-label': 'Last used' },
      h(
        'span',
        {},
        key.lastUsedAt ? timeAgo(key.lastUsedAt) : h('span', { class: 'soft' }, 'never'),
        key.lastUsedAddress && h('span', { class: 'sub' }, `from ${key.lastUsedAddress}`),
      ),
    ),
    h(
      'td',
      { 'data-label': 'Expires' },
      h('span', {}, key.expiresAt ? timeAgo(key.expiresAt) : h('span', { class: 'soft' }, 'never')),
    ),
    h(
      'td',
      { 'data-label': 'Made' },
      h('span', {}, timeAgo(key.createdAt), key.createdBy && h('span', { class: 'sub' }, key.createdBy)),
    ),
    h(
      'td',
      { class: 'end' },
      key.revokedAt
        ? h('span', { class: 'soft' }, 'revoked ', timeAgo(key.revokedAt))
        : expired
          ? h('span', { class: 'soft' }, 'expired')
          : h(
              'button',
              {
                type: 'button',
                class: 'button small danger',
                'aria-label': `Revoke ${key.name}`,
                onclick: () => revoke(key),
              },
              'Revoke',
            ),
    ),
  )
}

async function create(): Promise<void> {
  const name = h('input', {
    class: 'input',
    id: 'key-name',
    required: true,
    maxLength: 64,
    autocomplete: 'off',
    'data-focus': true,
  })
  const expiry = h(
    'select',
    { class: 'input', id: 'key-expiry' },
    ['30 days', '90 days', '365 days', 'never'].map((words) =>
      h('option', { value: words, selected: words === '90 days' }, words),
    ),
  )
  const scope = (value: string, words: string, hint: string, checked: boolean) =>
    h(
      'label',
      { class: 'choice' },
      h('input', { type: 'radio', name: 'scope', value, checked }),
      h('strong', {}, words),
      h('span', { class: 'hint' }, hint),
    )
  const trouble = h('div', {})
  await openDialog('New API key', (close) => [
    h(
      'form',
      {
        class: 'stack',
        onsubmit: async (event: Event) => {
          event.preventDefault()
          const chosen = new FormData(event.target as HTMLFormElement).get('scope')
          const days = Number.parseInt(expiry.value, 10)
          try {
            const { body } = await call<ApiKey>('POST', '/keys', {
              body: {
                name: name.value.trim(),
                scope: chosen,
                ...(days ? { expiresAt: new Date(Date.now() + days * 86_400_000).toISOString() } : {}),
              },
            })
            close()
            await Promise.all([showSecret(body), load()])
          } catch (failure) {
            fill(trouble, problemNotice(failure))
          }
        },
      },
      h(
        'div',
        { class: 'field' },
        h('label', { htmlFor: 'key-name' }, 'Name'),
        name,
        h('span', { class: 'hint' }, 'Who or what will use it.'),
      ),
      h(
        'fieldset',
        { class: 'field' },
        h('legend', {}, 'Scope'),
        h(
          'div',
          { class: 'choices' },
          scope('invoke', 'Invoke only', 'Calls functions, nothing else', true),
          scope('full', 'Full', 'Everything this workspace can do', false),
        ),
      ),
      h('div', { class: 'field' }, h('label', { htmlFor: 'key-expiry' }, 'Expires after'), expiry),
      trouble,
      h('div', { class: 'dialog-actions' }, h('button', { class: 'button primary' }, 'Create key')),
    ),
  ])
}

async function showSecret(key: ApiKey): Promise<void> {
  const secret = key.secret ?? ''
  const functions = await get<Page<FunctionSummary>>('/functions?limit=1').catch(() => null)
  const name = functions?.items[0]?.name ?? 'hello'
  const call = { method: 'POST', path: path`/functions/${name}/invocations`, body: '{"name":"Alice"}' }
  const notice = h(
    'section',
    { class: 'card', 'aria-label': 'The new key', tabIndex: -1 },
    h(
      'div',
      { class: 'card-head' },
      h('h2', {}, `Key “${key.name}”`),
      h(
        'span',
        { class: 'end' },
        h(
          'button',
          { type: 'button', class: 'button small quiet', onclick: () => notice.remove() },
          'I have it',
        ),
      ),
    ),
    h(
      'div',
      { class: 'card-body stack' },
      h(
        'div',
        { class: 'notice warn' },
        h('p', {}, 'Copy the secret now. It is stored only as a hash and cannot be shown again.'),
      ),
      h(
        'div',
        { class: 'row' },
        h('code', { class: 'wrap', id: 'secret' }, secret),
        copyButton(() => secret, 'Copy', 'the secret'),
      ),
      h('h3', {}, 'Call a function with it'),
      codeBlock(sample('curl', call, location.origin + link(''), secret), 'curl sample'),
    ),
  )
  const place = byId('new-secret')
  fill(place, notice)
  place.className = 'stack'
  notice.focus()
}

async function revoke(key: ApiKey): Promise<void> {
  const answer = await openDialog(`Revoke “${key.name}”?`, (close) => [
    h(
      'p',
      {},
      'Whoever uses it is refused within 5 seconds. A revoked key cannot come back; make a new one instead.',
    ),
    h(
      'div',
      { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button', 'data-focus': true, onclick: () => close() }, 'Keep it'),
      h('button', { type: 'button', class: 'button danger', onclick: () => close('revoke') }, 'Revoke now'),
    ),
  ])
  if (answer !== 'revoke') return
  try {
    await call('DELETE', path`/keys/${key.id}`)
    await load()
  } catch (failure) {
    toastProblem(failure)
  }
}
