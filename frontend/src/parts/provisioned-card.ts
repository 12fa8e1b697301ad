import { call, get, list, Problem, path } from '../lib/api'
import { fill, h, link } from '../lib/dom'
import type { Alias, Provisioned, Version } from '../lib/types'
import { empty, functionLink, problemNotice, toast, toastProblem } from '../lib/widgets'
import { check, clearErrors, field, showError, showRefusal } from './fields'

const LOOK_MILLIS = 1500

/** Sandboxes that are kept ready for versions and aliases, and how far they are. */
export class ProvisionedCard {
  readonly element = h('section', {
    class: 'card',
    id: 'provisioned',
    'aria-labelledby': 'provisioned-title',
  })
  private readonly base: string
  private readonly rows = h('tbody', {})
  private readonly announcer = h('p', { class: 'visually-hidden', role: 'status' })
  private items: Provisioned[] = []
  private qualifiers: [string, string][] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly name: string) {
    this.base = path`/functions/${name}/provisioned-concurrency`
  }

  async load(): Promise<void> {
    try {
      const [items, aliases, versions] = await Promise.all([
        list<Provisioned>(this.base),
        list<Alias>(path`/functions/${this.name}/aliases`),
        list<Version>(`${path`/functions/${this.name}/versions`}?limit=100`),
      ])
      this.items = items
      this.qualifiers = [
        ...aliases.map(({ name }): [string, string] => [name, `alias ${name}`]),
        ...versions.map(({ number }): [string, string] => [String(number), `version ${number}`]),
      ]
      this.draw()
    } catch (failure) {
      fill(
        this.element,
        h(
          'div',
          { class: 'card-body' },
          problemNotice(failure, () => this.load()),
        ),
      )
    }
  }

  private draw(): void {
    fill(
      this.element,
      h(
        'div',
        { class: 'card-head' },
        h('h2', { id: 'provisioned-title' }, 'Kept ready'),
        h('span', { class: 'hint' }, 'provisioned concurrency'),
      ),
      this.qualifiers.length === 0
        ? empty(
            'Publish first',
            'Sandboxes are kept ready for a version or an alias, so that its calls never wait for a cold start.',
            h('a', { class: 'button primary', href: functionLink(this.name) }, 'To the code'),
          )
        : [
            h(
              'div',
              { class: 'card-body stack' },
              h(
                'p',
                { class: 'hint' },
                'Sandboxes that stay loaded while nobody calls: no cold start for as many calls at once. They hold their memory all the time.',
              ),
              this.form(),
            ),
            this.items.length > 0 && this.table(),
          ],
      this.announcer,
    )
    this.drawRows()
  }

  private table(): HTMLElement {
    return h(
      'table',
      { class: 'table folds' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Kept ready for', 'State', ''].map((title) =>
            h('th', { scope: 'col' }, title || h('span', { class: 'visually-hidden' }, 'Actions')),
          ),
        ),
      ),
      this.rows,
    )
  }

  private drawRows(): void {
    clearTimeout(this.timer)
    fill(
      this.rows,
      this.items.map((item) => this.row(item)),
    )
    if (this.items.some(({ status }) => status !== 'ready')) {
      this.timer = setTimeout(() => this.look(), LOOK_MILLIS)
    }
  }

  /** Again, until all are ready. Nothing is redrawn that has not changed: focus stays where it is. */
  private async look(): Promise<void> {
    if (!this.element.isConnected) return
    const before = JSON.stringify(this.items)
    const items = await list<Provisioned>(this.base).catch(() => this.items)
    const became = items.find(
      ({ qualifier, status }) => status !== this.items.find((known) => known.qualifier === qualifier)?.status,
    )
    this.items = items
    if (became) this.announcer.textContent = `${this.words(became.qualifier)}: ${stateWords(became)}`
    if (JSON.stringify(items) !== before) this.drawRows()
    else this.timer = setTimeout(() => this.look(), LOOK_MILLIS)
  }

  private row(item: Provisioned): HTMLElement {
    return h(
      'tr',
      { 'data-qualifier': item.qualifier },
      h('td', {}, h('span', { class: 'name' }, this.words(item.qualifier))),
      h(
        'td',
        { 'data-label': 'State' },
        h(
          'span',
          {},
          h('span', { class: `status ${TONES[item.status]}` }, stateWords(item)),
          item.status === 'failed' &&
            h(
              'span',
              { class: 'sub' },
              `${item.reason ?? 'The last attempt failed'}. It is tried again by itself, at most a minute later. `,
              h(
                'a',
                { href: link(`${path`/functions/${this.name}`}/invocations?status=init_failed`) },
                'Failed loads',
              ),
            ),
        ),
      ),
      h(
        'td',
        { class: 'end' },
        h(
          'button',
          {
            type: 'button',
            class: 'button small quiet',
            'aria-label': `Keep none ready for ${this.words(item.qualifier)}`,
            onclick: () => this.remove(item),
          },
          'Keep none',
        ),
      ),
    )
  }

  private form(): HTMLFormElement {
    const qualifier = h(
      'select',
      { class: 'input', id: 'qualifier', name: 'qualifier', 'aria-describedby': 'qualifier-hint' },
      this.qualifiers.map(([value, words]) => h('option', { value }, words)),
    )
    const wanted = h('input', {
      class: 'input short',
      id: 'wanted',
      name: 'wanted',
      type: 'number',
      min: 1,
      max: 1000,
      step: 1,
      required: true,
      inputMode: 'numeric',
      value: String(this.known(qualifier.value)?.wanted ?? 1),
      'aria-describedby': 'wanted-hint',
    })
    const trouble = h('div', {})
    const form = h(
      'form',
      { class: 'stack' },
      h(
        'div',
        { class: 'fields' },
        field('qualifier', 'For', qualifier, 'Those of an alias move with it.'),
        field('wanted', 'Sandboxes', wanted, 'Each serves calls without a start.'),
      ),
      trouble,
      h('div', { class: 'row' }, h('button', { class: 'button primary' }, 'Keep ready')),
    )
    qualifier.addEventListener('change', () => {
      wanted.value = String(this.known(qualifier.value)?.wanted ?? 1)
    })
    form.noValidate = true
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      fill(trouble)
      if (!check(form)) return
      try {
        const { body } = await this.put(qualifier.value, Number(wanted.value))
        toast(
          body.status === 'ready'
            ? `Ready: ${body.ready} for ${this.words(body.qualifier)}.`
            : `Getting ${body.wanted} ready for ${this.words(body.qualifier)}.`,
        )
        await this.load()
        this.element.querySelector<HTMLElement>('#qualifier')?.focus()
      } catch (failure) {
        clearErrors(form)
        if (failure instanceof Problem && failure.code === 'ProvisionedTooLarge') {
          showError(form, 'wanted', failure.message)
          wanted.focus()
        } else if (failure instanceof Problem && failure.status === 412) {
          toast('Someone changed it in between: this is how it is now. Try again.', { bad: true })
          await this.load()
        } else if (!showRefusal(form, failure)) fill(trouble, problemNotice(failure))
      }
    })
    return form
  }

  private async put(qualifier: string, wanted: number) {
    const ifMatch = this.known(qualifier)?.revision ?? 0
    return call<Provisioned>('PUT', this.base + path`/${qualifier}`, { body: { wanted }, ifMatch })
  }

  private async remove(item: Provisioned): Promise<void> {
    const url = this.base + path`/${item.qualifier}`
    try {
      await call('DELETE', url, { ifMatch: (await get<Provisioned>(url)).revision })
      toast(`None is kept ready for ${this.words(item.qualifier)} any more.`)
    } catch (failure) {
      toastProblem(failure)
    }
    await this.load()
    this.element.querySelector<HTMLElement>('#qualifier')?.focus()
  }

  private known(qualifier: string): Provisioned | undefined {
    return this.items.find((item) => item.qualifier === qualifier)
  }

  private words(qualifier: string): string {
    return this.qualifiers.find(([value]) => value === qualifier)?.[1] ?? qualifier
  }
}

const TONES: Record<Provisioned['status'], string> = { ready: 'good', preparing: 'live', failed: 'bad' }

function stateWords(item: Provisioned): string {
  const amount = `${item.ready} of ${item.wanted}`
  if (item.status === 'ready') return `${amount} ready`
  return item.status === 'failed' ? `Failed: ${amount} ready` : `Preparing: ${amount} ready`
}
