import { EditorState, type Text } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { cspNonce, fill, h } from '../lib/dom'
import { bytes } from '../lib/format'
import type { Code, CodeFile } from '../lib/types'
import { openDialog, toast } from '../lib/widgets'
import { behaviour, failureMarks, look, markLine } from './editor'

interface OpenFile {
  path: string
  /** What the server has, or null for a file it does not know. */
  saved: Text | null
  state: EditorState
  executable: boolean
  binary: CodeFile | null
}

/** A file as it is saved: as its text, or, when the editor cannot show it, as the content the draft has already. */
type SavedFile =
  | string
  | { content: string; encoding: string; executable: boolean }
  | { sha256: string; executable: boolean }

const MOST_EDITABLE = 1_000_000

/** The files of the draft in one editor: tabs, adding, renaming, deleting, and which differ from what is saved. */
export class Files {
  private readonly view = new EditorView({ extensions: EditorView.cspNonce.of(cspNonce()) })
  private readonly tabs = h('div', { role: 'tablist', 'aria-label': 'Files' })
  private readonly holder = h('div', { class: 'editor', id: 'file-panel', role: 'tabpanel' })
  private readonly foot = h('footer', { class: 'pane-foot' })
  private readonly facts = h('span', {})
  private files = new Map<string, OpenFile>()
  private savedPaths = new Set<string>()
  private current = ''
  private dirtyBefore = new Set<string>()
  private readonly content: HTMLElement[]

  constructor(
    private readonly pane: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.holder.append(this.view.dom)
    const add = h(
      'button',
      { type: 'button', class: 'button small quiet', 'aria-label': 'Add a file', onclick: () => this.add() },
      '+ ',
      h('span', {}, 'File'),
    )
    const rename = h(
      'button',
      { type: 'button', class: 'button small quiet', onclick: () => this.rename() },
      'Rename',
    )
    const remove = h(
      'button',
      { type: 'button', class: 'button small quiet', onclick: () => this.remove() },
      'Delete',
    )
    this.foot.append(
      this.facts,
      h('span', { class: 'end' }, h('kbd', {}, 'Esc'), ' then ', h('kbd', {}, 'Tab'), ' leaves the editor'),
    )
    this.tabs.addEventListener('keydown', (event) => this.moveAlongTabs(event))
    this.content = [
      h('div', { class: 'files' }, this.tabs, h('span', { class: 'end' }, add, rename, remove)),
      this.holder,
      this.foot,
    ]
  }

  /** Shows this code as saved. The open file stays open where it still exists. */
  load(code: Code, preferred: string): void {
    if (!this.pane.contains(this.view.dom)) fill(this.pane, this.content)
    this.files = new Map(code.files.map((file) => [file.path, this.opened(file)]))
    this.savedPaths = new Set(this.files.keys())
    const first = this.files.has(this.current)
      ? this.current
      : this.files.has(preferred)
        ? preferred
        : [...this.files.keys()][0]
    this.current = ''
    if (first) this.show(first)
    this.changed()
  }

  /** Edits from the browser's own keeping, over what the server has. */
  restore(texts: Record<string, string>, removed: string[]): void {
    for (const path of removed) this.files.delete(path)
    for (const [path, text] of Object.entries(texts)) {
      const before = this.files.get(path)
      if (before?.binary) continue
      this.files.set(path, {
        path,
        saved: before?.saved ?? null,
        state: this.stateOf(path, text),
        executable: before?.executable ?? false,
        binary: null,
      })
    }
    const open = this.files.has(this.current) ? this.current : [...this.files.keys()][0]
    this.current = ''
    if (open) this.show(open)
    this.changed()
  }

  get paths(): string[] {
    return [...this.files.keys()]
  }

  get dirty(): boolean {
    return this.dirtyPaths().size > 0 || this.removedPaths().length > 0
  }

  /** What differs from the server: texts of changed files, and paths that are gone. */
  edits(): { files: Record<string, string>; removed: string[] } {
    this.keepState()
    const files: Record<string, string> = {}
    for (const path of this.dirtyPaths()) files[path] = this.files.get(path)?.state.doc.toString() ?? ''
    return { files, removed: this.removedPaths() }
  }

  /** The whole draft as the API takes it. */
  payload(): Record<string, SavedFile> {
    this.keepState()
    const payload: Record<string, SavedFile> = {}
    for (const file of this.files.values()) {
      if (file.binary) payload[file.path] = { sha256: file.binary.sha256, executable: file.executable }
      else if (file.executable)
        payload[file.path] = { content: file.state.doc.toString(), encoding: 'utf-8', executable: true }
      else payload[file.path] = file.state.doc.toString()
    }
    return payload
  }

  texts(): Map<string, string> {
    this.keepState()
    return new Map([...this.files.values()].map((file) => [file.path, file.state.doc.toString()]))
  }

  /** Remembers what is being sent, so that typing during the save stays unsaved. Call the result once it has arrived. */
  snapshot(): () => void {
    this.keepState()
    const sent = new Map([...this.files.values()].map((file) => [file.path, file.state.doc]))
    return () => {
      this.savedPaths = new Set(sent.keys())
      for (const [path, doc] of sent) {
        const file = this.files.get(path)
        if (file) file.saved = doc
      }
      this.changed()
    }
  }

  markFailure(path: string, line: number): void {
    this.clearFailures()
    if (path === this.current) {
      this.view.dispatch({ effects: markLine.of(line) })
      return
    }
    const file = this.files.get(path)
    if (file) file.state = file.state.update({ effects: markLine.of(line) }).state
  }

  clearFailures(): void {
    this.view.dispatch({ effects: markLine.of(null) })
    for (const file of this.files.values())
      file.state = file.state.update({ effects: markLine.of(null) }).state
    this.keepState()
  }

  jumpTo(path: string, line: number): void {
    if (!this.files.has(path)) return
    this.show(path)
    const { doc } = this.view.state
    const at = doc.line(Math.max(1, Math.min(line, doc.lines)))
    this.view.dispatch({
      selection: { anchor: at.from + (/^\s*/.exec(at.text)?.[0].length ?? 0) },
      effects: EditorView.scrollIntoView(at.from, { y: 'center' }),
    })
    this.view.focus()
  }

  focus(): void {
    this.view.focus()
  }

  showFacts(text: string): void {
    this.facts.textContent = text
  }

  private opened(file: CodeFile): OpenFile {
    const editable =
      file.encoding === 'utf-8' && file.content !== null && file.content.length <= MOST_EDITABLE
    const binary = editable ? null : file
    const text = editable
      ? (file.content ?? '')
      : `This file is not text that can be edited here (${bytes(file.sizeBytes)}).`
    const state = this.stateOf(file.path, text, binary !== null)
    return { path: file.path, saved: state.doc, state, executable: file.executable, binary }
  }

  private stateOf(path: string, text: string, readOnly = false): EditorState {
    return EditorState.create({
      doc: text,
      extensions: [
        failureMarks,
        look(path),
        behaviour(path),
        EditorState.readOnly.of(readOnly),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.changed()
        }),
      ],
    })
  }

  private show(path: string): void {
    this.keepState()
    const file = this.files.get(path)
    if (!file) return
    this.current = path
    this.view.setState(file.state)
    this.drawTabs()
  }

  private keepState(): void {
    const file = this.files.get(this.current)
    if (file) file.state = this.view.state
  }

  private changed(): void {
    const dirty = this.dirtyPaths()
    if (dirty.size !== this.dirtyBefore.size || [...dirty].some((path) => !this.dirtyBefore.has(path))) {
      this.dirtyBefore = dirty
      this.drawTabs()
    }
    this.onChange()
  }

  private dirtyPaths(): Set<string> {
    const dirty = new Set<string>()
    for (const file of this.files.values()) {
      const { doc } = file.path === this.current ? this.view.state : file.state
      if (!file.saved || !doc.eq(file.saved)) dirty.add(file.path)
    }
    return dirty
  }

  private removedPaths(): string[] {
    return [...this.savedPaths].filter((path) => !this.files.has(path))
  }

  private drawTabs(): void {
    const hadFocus = this.tabs.contains(document.activeElement)
    const dirty = this.dirtyPaths()
    fill(
      this.tabs,
      [...this.files.keys()].sort().map((path) => {
        const selected = path === this.current
        return h(
          'button',
          {
            type: 'button',
            class: 'file-tab',
            role: 'tab',
            tabIndex: selected ? 0 : -1,
            'aria-selected': String(selected),
            'aria-controls': 'file-panel',
            'data-path': path,
            onclick: () => {
              this.show(path)
              this.view.focus()
            },
          },
          path,
          dirty.has(path) &&
            h('span', { class: 'dot', role: 'img', 'aria-label': 'not saved', title: 'Not saved' }),
        )
      }),
    )
    const open = this.tabs.querySelector<HTMLElement>('[aria-selected=true]')
    open?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    this.holder.setAttribute('aria-label', this.current)
    if (hadFocus) open?.focus()
  }

  private moveAlongTabs(event: KeyboardEvent): void {
    const paths = [...this.files.keys()].sort()
    const at = paths.indexOf(this.current)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: paths.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const path = paths[(next + paths.length) % paths.length]
    if (path) this.show(path)
    this.tabs.querySelector<HTMLElement>('[aria-selected=true]')?.focus()
  }

  private async add(): Promise<void> {
    const path = await askPath('Add a file', '', (wanted) => this.refusal(wanted, null))
    if (!path) return
    this.keepState()
    this.files.set(path, {
      path,
      saved: null,
      state: this.stateOf(path, ''),
      executable: false,
      binary: null,
    })
    this.show(path)
    this.changed()
    this.view.focus()
  }

  private async rename(): Promise<void> {
    const before = this.current
    const path = await askPath(`Rename ${before}`, before, (wanted) => this.refusal(wanted, before))
    if (!path || path === before) return
    this.keepState()
    const file = this.files.get(before)
    if (!file) return
    this.files.delete(before)
    const state = this.stateOf(path, file.state.doc.toString(), file.binary !== null)
    this.files.set(path, { ...file, path, saved: null, state })
    this.current = ''
    this.show(path)
    this.changed()
  }

  private remove(): void {
    if (this.files.size === 1) {
      toast('A function needs at least one file.', { bad: true })
      return
    }
    this.keepState()
    const file = this.files.get(this.current)
    if (!file) return
    this.files.delete(file.path)
    this.current = ''
    this.show([...this.files.keys()].sort()[0] ?? '')
    this.changed()
    toast(`Deleted ${file.path}.`, {
      action: {
        label: 'Undo',
        act: () => {
          this.files.set(file.path, file)
          this.show(file.path)
          this.changed()
        },
      },
    })
  }

  private refusal(path: string, renamed: string | null): string | null {
    if (path !== renamed && this.files.has(path)) return `There is a file ${path} already.`
    if (
      !/^[^/\\\s][^\\]*$/.test(path) ||
      path.endsWith('/') ||
      path.split('/').some((part) => part === '' || part === '.' || part === '..')
    ) {
      return 'A path is relative, with / between folders, and without empty parts, . or ..'
    }
    return path.length > 255 ? `A path has at most 255 characters; this has ${path.length}.` : null
  }
}

async function askPath(
  title: string,
  value: string,
  refusal: (path: string) => string | null,
): Promise<string> {
  const input = h('input', {
    class: 'input mono',
    id: 'path',
    value,
    required: true,
    autocomplete: 'off',
    spellcheck: false,
    'data-focus': true,
    'aria-describedby': 'path-error',
  })
  const error = h('span', { class: 'error', id: 'path-error', role: 'alert' })
  const answer = await openDialog(title, (close) => [
    h(
      'form',
      {
        class: 'stack',
        onsubmit: (event: Event) => {
          event.preventDefault()
          const reason = refusal(input.value.trim())
          error.textContent = reason ?? ''
          if (!reason) close('ok')
        },
      },
      h('div', { class: 'field' }, h('label', { htmlFor: 'path' }, 'Path'), input, error),
      h(
        'div',
        { class: 'dialog-actions' },
        h('button', { class: 'button primary' }, value ? 'Rename' : 'Add'),
      ),
    ),
  ])
  return answer === 'ok' ? input.value.trim() : ''
}
