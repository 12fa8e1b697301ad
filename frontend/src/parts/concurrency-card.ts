import { call, get, Problem, path } from '../lib/api'
import { fill, h } from '../lib/dom'
import { ago, plural } from '../lib/format'
import type { Concurrency, Usage } from '../lib/types'
import { openDialog, problemNotice, toast, toastProblem } from '../lib/widgets'
import { check, clearErrors, field, showError, showRefusal, watchEdits } from './fields'
import { showPaused } from './function-head'

type Wanted = Pick<Concurrency, 'maximumConcurrency' | 'reservedConcurrency'>

/** How many invocations of a function run at the same time: in force at once, for all versions. */
export class ConcurrencyCard {
  readonly element = h('section', {
    class: 'card',
    id: 'concurrency',
    'aria-labelledby': 'concurrency-title',
  })
  private readonly base: string
  private readonly trouble = h('div', {})

  constructor(private readonly name: string) {
    this.base = path`/functions/${name}/concurrency`
  }

  async load(): Promise<void> {
    try {
      const [now, usage] = await Promise.all([
        get<Concurrency>(this.base),
        get<Usage>('/usage').catch(() => null),
      ])
      this.draw(now, usage)
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

  private draw(now: Concurrency, usage: Usage | null): void {
    const paused = now.maximumConcurrency === 0
    showPaused(this.name, paused)
    fill(this.trouble)
    fill(
      this.element,
      h(
        'div',
        { class: 'card-head' },
        h('h2', { id: 'concurrency-title' }, 'Concurrency'),
        paused && h('span', { class: 'chip warn' }, 'paused'),
        h(
          'span',
          { class: 'end' },
          paused
            ? h(
                'button',
                { type: 'button', class: 'button small primary', onclick: () => this.resume(now) },
                'Resume function',
              )
            : h(
                'button',
                { type: 'button', class: 'button small', onclick: () => this.pause(now) },
                'Pause function…',
              ),
        ),
      ),
      h(
        'div',
        { class: 'card-body stack' },
        paused &&
          h(
            'div',
            { class: 'notice warn' },
            h(
              'p',
              {},
              'This function is paused: its maximum is 0, and every call is refused with 429. Nothing is lost: code, versions, aliases and settings stay.',
            ),
          ),
        h(
          'p',
          { class: 'hint' },
          `${this.inUse(usage, now)} In force as soon as it is saved, for all versions.`,
        ),
        this.form(now),
      ),
    )
  }

  private inUse(usage: Usage | null, now: Concurrency): string {
    if (!usage) return `The workspace may run ${now.workspaceLimit} invocations at the same time.`
    const own = usage.functions.filter((one) => one.function === this.name)
    const running = own.reduce((sum, one) => sum + one.running, 0)
    const waiting = own.reduce((sum, one) => sum + one.waiting, 0)
    return `${running} of this function run now${waiting ? `, ${waiting} wait` : ''}; ${usage.running} of ${usage.limit} in the workspace.`
  }

  private form(now: Concurrency): HTMLFormElement {
    const dirty = h('span', { class: 'chip accent', hidden: true, role: 'status' })
    const number = (id: string, value: number | null, props: Record<string, unknown>) =>
      h('input', {
        class: 'input',
        id,
        name: id,
        type: 'number',
        min: 0,
        step: 1,
        inputMode: 'numeric',
        value: value === null ? '' : String(value),
        'aria-describedby': `${id}-hint`,
        ...props,
      })
    const form = h(
      'form',
      { class: 'stack' },
      field(
        'maximumConcurrency',
        'Maximum',
        h(
          'span',
          { class: 'with-unit' },
          number('maximumConcurrency', now.maximumConcurrency, {
            max: now.workspaceLimit,
            placeholder: 'no limit',
          }),
          `of ${now.workspaceLimit}`,
        ),
        'Calls beyond it wait their turn. Empty: as many as the workspace may run. 0 pauses the function.',
      ),
      field(
        'reservedConcurrency',
        'Reserved',
        h(
          'span',
          { class: 'with-unit' },
          number('reservedConcurrency', now.reservedConcurrency, {
            max: Math.max(now.reservable, now.reservedConcurrency),
            required: true,
          }),
          `of ${now.reservable} that can be`,
        ),
        'Places that no other function can take, also when this one is idle. 0: shares with all others.',
      ),
      this.trouble,
      h('div', { class: 'row' }, h('button', { class: 'button primary' }, 'Save concurrency'), dirty),
    )
    form.noValidate = true
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      if (!check(form)) return
      const values = new FormData(form)
      const maximum = String(values.get('maximumConcurrency'))
      this.save(form, now, {
        maximumConcurrency: maximum === '' ? null : Number(maximum),
        reservedConcurrency: Number(values.get('reservedConcurrency')),
      })
    })
    watchEdits(form, dirty)
    return form
  }

  private async save(form: HTMLFormElement, from: Concurrency, wanted: Wanted): Promise<void> {
    try {
      await this.put(from, wanted)
      toast(wanted.maximumConcurrency === 0 ? `${this.name} is paused.` : 'Saved, and in force.')
    } catch (failure) {
      if (failure instanceof Problem && failure.status === 412) return this.conflict(form, wanted)
      clearErrors(form)
      if (showRefusal(form, failure)) return
      if (failure instanceof Problem && failure.code === 'ReservationTooLarge') {
        showError(form, 'reservedConcurrency', failure.message)
      } else fill(this.trouble, problemNotice(failure))
    }
  }

  private async put(from: Concurrency, wanted: Wanted): Promise<void> {
    const { body } = await call<Concurrency>('PUT', this.base, { body: wanted, ifMatch: from.revision })
    this.draw(body, await get<Usage>('/usage').catch(() => null))
  }

  private async conflict(form: HTMLFormElement, wanted: Wanted): Promise<void> {
    const now = await get<Concurrency>(this.base)
    const words = now.maximumConcurrency === null ? 'no maximum' : `a maximum of ${now.maximumConcurrency}`
    fill(
      this.trouble,
      h(
        'div',
        { class: 'notice warn', role: 'alert' },
        h(
          'p',
          {},
          `${now.updatedBy ?? 'Someone'} changed this ${now.updatedAt ? ago(now.updatedAt, Date.now()) : 'just now'}: ${words}, ${now.reservedConcurrency} reserved.`,
        ),
        h('button', { type: 'button', class: 'button', onclick: () => this.load() }, 'Take theirs'),
        h(
          'button',
          { type: 'button', class: 'button primary', onclick: () => this.save(form, now, wanted) },
          'Keep mine',
        ),
      ),
    )
  }

  private async pause(now: Concurrency): Promise<void> {
    const answer = await openDialog(`Pause ${this.name}?`, (close) => [
      h(
        'p',
        {},
        `From now on every call is refused with 429; what runs goes on to its end.${now.reservedConcurrency ? ` The ${plural(now.reservedConcurrency, 'reserved place')} can be taken by others meanwhile.` : ''} Resume puts it back as it is now.`,
      ),
      h(
        'div',
        { class: 'dialog-actions' },
        h('button', { type: 'button', class: 'button', onclick: () => close() }, 'Keep it running'),
        h(
          'button',
          { type: 'button', class: 'button primary', 'data-focus': true, onclick: () => close('pause') },
          'Pause function',
        ),
      ),
    ])
    if (answer !== 'pause') return
    const { maximumConcurrency, reservedConcurrency } = now
    localStorage.setItem(this.memory(), JSON.stringify({ maximumConcurrency, reservedConcurrency }))
    await this.change(now, { maximumConcurrency: 0, reservedConcurrency: 0 }, `${this.name} is paused.`)
  }

  /** To what it had before it was paused in this browser, otherwise to no limit of its own. */
  private async resume(now: Concurrency): Promise<void> {
    const before: Wanted = { maximumConcurrency: null, reservedConcurrency: now.reservedConcurrency }
    const kept = localStorage.getItem(this.memory())
    const wanted = kept ? { ...before, ...(JSON.parse(kept) as Wanted) } : before
    const room = Math.min(wanted.reservedConcurrency, now.reservable)
    const all = room === wanted.reservedConcurrency
    await this.change(
      now,
      { ...wanted, reservedConcurrency: room },
      all
        ? `${this.name} takes calls again.`
        : `${this.name} takes calls again, with ${room} reserved: others have reserved the rest.`,
    )
    localStorage.removeItem(this.memory())
  }

  private async change(from: Concurrency, wanted: Wanted, said: string): Promise<void> {
    try {
      await this.put(from, wanted)
      toast(said)
      this.element.querySelector<HTMLElement>('.card-head button')?.focus()
    } catch (failure) {
      toastProblem(failure)
      await this.load()
    }
  }

  private memory(): string {
    return `funkhaus.paused.${this.name}`
  }
}
