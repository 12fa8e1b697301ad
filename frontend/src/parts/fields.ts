import { Problem } from '../lib/api'
import { type Child, h } from '../lib/dom'
import { sentence } from '../lib/format'

/** A labelled control with its hint, and a place for what is wrong with it. */
export function field(id: string, label: string, control: HTMLElement, ...hint: Child[]): HTMLElement {
  return h(
    'div',
    { class: 'field', 'data-field': id },
    h('label', { htmlFor: id }, label),
    control,
    h('span', { class: 'hint', id: `${id}-hint` }, hint),
    h('span', { class: 'error', id: `${id}-error`, role: 'alert' }),
  )
}

export interface Choice {
  value: string
  title: string
  hint: string
  /** Why it cannot be chosen here; null when it can. */
  unavailable: string | null
}

/** One of a few values, each explained; what cannot be had says why. */
export function choices(id: string, legend: string, current: string, all: Choice[]): HTMLElement {
  return h(
    'fieldset',
    { class: 'field', 'data-field': id },
    h('legend', {}, legend),
    h(
      'div',
      { class: 'choices' },
      all.map(({ value, title, hint, unavailable }) =>
        h(
          'label',
          { class: 'choice' },
          h('input', {
            type: 'radio',
            name: id,
            value,
            checked: value === current,
            disabled: unavailable !== null && value !== current,
          }),
          h('strong', {}, title),
          h(
            'span',
            { class: 'hint' },
            hint,
            unavailable !== null && h('span', { class: 'why' }, `Not available here: ${unavailable}.`),
          ),
        ),
      ),
    ),
    h('span', { class: 'error', id: `${id}-error`, role: 'alert' }),
  )
}

export function clearErrors(form: HTMLElement): void {
  for (const place of form.querySelectorAll('[data-field] > .error')) place.textContent = ''
  for (const control of form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid')
}

/** Says beside the field what is wrong with it. False when the form has no such field. */
export function showError(form: HTMLElement, name: string, message: string): boolean {
  const place = form.querySelector(`[data-field="${CSS.escape(name)}"]`)
  const error = place?.querySelector(':scope > .error')
  if (!place || !error) return false
  error.textContent = message
  for (const control of place.querySelectorAll<HTMLElement>('input, select')) {
    control.setAttribute('aria-invalid', 'true')
    const described = control.getAttribute('aria-describedby')
    if (!described?.includes(error.id)) {
      control.setAttribute('aria-describedby', [described, error.id].filter(Boolean).join(' '))
    }
  }
  return true
}

/** Shows what the service refused at its fields. False when that is not where it belongs. */
export function showRefusal(form: HTMLElement, failure: unknown): boolean {
  if (!(failure instanceof Problem) || !Array.isArray(failure.body.errors)) return false
  const errors = failure.body.errors as { field: string; message: string }[]
  const shown = errors.filter(({ field, message }) => showError(form, field, sentence(message)))
  if (shown.length < errors.length || shown.length === 0) return false
  focusFirst(form)
  return true
}

/** The browser's own rules of each field, in words. True when all is well. */
export function check(form: HTMLFormElement): boolean {
  clearErrors(form)
  for (const input of form.querySelectorAll<HTMLInputElement>('input:invalid')) {
    const { min, max, value } = input
    const rule = min && max ? `Give a whole number from ${min} to ${max}.` : input.validationMessage
    showError(form, input.id || input.name, `${value || 'Empty'} is not allowed. ${rule}`)
  }
  focusFirst(form)
  return form.querySelector('[aria-invalid]') === null
}

function focusFirst(form: HTMLElement): void {
  form.querySelector<HTMLElement>('[aria-invalid]')?.focus()
}

const unsaved = new Set<HTMLElement>()
window.addEventListener('beforeunload', (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault()
})

/** Shows in the form that it has changes, and warns whoever leaves with them. */
export function watchEdits(form: HTMLFormElement, mark: HTMLElement): void {
  const state = (): string =>
    JSON.stringify([...new FormData(form)]) + form.querySelectorAll('.env-row').length
  const before = state()
  const look = (): void => {
    const dirty = state() !== before
    mark.textContent = dirty ? 'Unsaved changes' : ''
    mark.hidden = !dirty
    if (dirty) unsaved.add(form)
    else unsaved.delete(form)
  }
  form.addEventListener('input', look)
  form.addEventListener('change', look)
  form.addEventListener('click', () => queueMicrotask(look))
  look()
}
