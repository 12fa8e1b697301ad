import { type Diagnostic, linter } from '@codemirror/lint'
import { EditorView } from '@codemirror/view'
import { call, list, path } from '../lib/api'
import { fill, functionName, h } from '../lib/dom'
import { remember, remembered } from '../lib/drafts'
import { bytes } from '../lib/format'
import { jsonProblem } from '../lib/json'
import type { TestEvent } from '../lib/types'
import { openDialog, toast, toastProblem } from '../lib/widgets'
import { behaviour, look } from './editor'

const LIMIT = 6_291_556

/** The test event: JSON checked while it is typed, saved under a name on the server, the last one remembered here. */
export class EventPane {
  private readonly editor: EditorView
  private readonly choice = h('select', { class: 'input small', 'aria-label': 'Saved test event' })
  private readonly problem = h('p', { class: 'event-problem', hidden: true, role: 'alert' })
  private readonly size = h('span', {})
  private readonly remove = h(
    'button',
    { type: 'button', class: 'button small quiet', hidden: true },
    'Delete',
  )
  private saved: TestEvent[] = []

  constructor(pane: HTMLElement) {
    this.editor = new EditorView({
      doc: '{}',
      extensions: [
        look('event.json'),
        behaviour('Test event, JSON'),
        linter((view) => diagnostics(view), { delay: 250 }),
        EditorView.lineWrapping,
        EditorView.updateListener.of((update) => update.docChanged && this.changed()),
      ],
    })
    const save = h(
      'button',
      { type: 'button', class: 'button small quiet', onclick: () => this.saveAs() },
      'Save as…',
    )
    this.remove.addEventListener('click', () => this.deleteSaved())
    this.choice.addEventListener('change', () => this.choose(this.choice.value))
    fill(
      pane,
      h(
        'header',
        { class: 'pane-head' },
        h('h2', {}, 'Test event'),
        h('span', { class: 'end' }, this.choice, save, this.remove),
      ),
      h('div', { class: 'event-editor' }, this.editor.dom),
      this.problem,
      h('footer', { class: 'pane-foot' }, this.size),
    )
  }

  async load(): Promise<void> {
    this.saved = await list<TestEvent>(path`/functions/${functionName()}/test-events`).catch(() => [])
    const last = remembered(functionName(), 'event')
    const name = remembered(functionName(), 'event-name') ?? this.saved[0]?.name ?? ''
    this.drawChoice(this.saved.some((event) => event.name === name) ? name : '')
    this.text = last ?? this.saved.find((event) => event.name === name)?.event ?? '{}'
  }

  get text(): string {
    return this.editor.state.doc.toString()
  }

  set text(value: string) {
    this.editor.dispatch({ changes: { from: 0, to: this.editor.state.doc.length, insert: value } })
    this.changed()
  }

  /** The JSON to send, or null after having shown what is wrong with it. */
  valid(): string | null {
    const found = jsonProblem(this.text)
    this.showProblem(found)
    if (!found) return this.text.trim() || '{}'
    const line = this.editor.state.doc.line(Math.min(found.line, this.editor.state.doc.lines))
    this.editor.dispatch({
      selection: { anchor: Math.min(line.to, line.from + found.column - 1) },
      scrollIntoView: true,
    })
    this.editor.focus()
    return null
  }

  private changed(): void {
    this.showProblem(jsonProblem(this.text))
    this.size.textContent = `${bytes(new TextEncoder().encode(this.text).length)} of ${bytes(LIMIT)}`
    remember(functionName(), 'event', this.text)
  }

  private showProblem(found: ReturnType<typeof jsonProblem>): void {
    this.problem.hidden = !found
    if (found)
      this.problem.textContent = `Not JSON: line ${found.line}, column ${found.column}: ${found.message}`
  }

  private choose(name: string): void {
    this.remove.hidden = !name
    remember(functionName(), 'event-name', name)
    const event = this.saved.find((saved) => saved.name === name)
    if (event) this.text = pretty(event.event)
  }

  private drawChoice(name: string): void {
    fill(
      this.choice,
      h('option', { value: '' }, this.saved.length ? 'not saved' : 'none saved'),
      this.saved.map((event) =>
        h('option', { value: event.name, selected: event.name === name }, event.name),
      ),
    )
    this.remove.hidden = !name
  }

  private async saveAs(): Promise<void> {
    if (this.valid() === null) return
    const input = h('input', {
      class: 'input',
      id: 'event-name',
      value: this.choice.value,
      required: true,
      maxLength: 64,
      pattern: '[A-Za-z0-9_\\-]{1,64}',
      'data-focus': true,
      autocomplete: 'off',
    })
    const answer = await openDialog('Save this test event', (close) => [
      h(
        'form',
        {
          class: 'stack',
          onsubmit: (event: Event) => {
            event.preventDefault()
            close('save')
          },
        },
        h(
          'div',
          { class: 'field' },
          h('label', { htmlFor: 'event-name' }, 'Name'),
          input,
          h('span', { class: 'hint' }, 'Letters, digits, - and _. An event of this name is replaced.'),
        ),
        h('div', { class: 'dialog-actions' }, h('button', { class: 'button primary' }, 'Save')),
      ),
    ])
    if (answer !== 'save') return
    try {
      await call('PUT', path`/functions/${functionName()}/test-events/${input.value}`, {
        body: { event: this.text },
      })
      this.saved = [
        ...this.saved.filter((event) => event.name !== input.value),
        { name: input.value, event: this.text },
      ]
      this.drawChoice(input.value)
      remember(functionName(), 'event-name', input.value)
      toast(`Saved the test event ${input.value}.`)
    } catch (failure) {
      toastProblem(failure)
    }
  }

  private async deleteSaved(): Promise<void> {
    const name = this.choice.value
    try {
      await call('DELETE', path`/functions/${functionName()}/test-events/${name}`)
      this.saved = this.saved.filter((event) => event.name !== name)
      this.drawChoice('')
      toast(`Deleted the test event ${name}. Its text is still in the editor.`)
    } catch (failure) {
      toastProblem(failure)
    }
  }
}

function pretty(text: string): string {
  return jsonProblem(text) || text.includes('\n') ? text : JSON.stringify(JSON.parse(text), null, 2)
}

function diagnostics(view: EditorView): Diagnostic[] {
  const found = jsonProblem(view.state.doc.toString())
  if (!found) return []
  const line = view.state.doc.line(Math.min(found.line, view.state.doc.lines))
  const from = Math.min(line.to, line.from + found.column - 1)
  return [{ from, to: Math.min(line.to, from + 1), severity: 'error', message: found.message }]
}
