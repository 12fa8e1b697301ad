import { call, get, Problem, path, send } from '../lib/api'
import { byId, debounce, fill, functionName, h } from '../lib/dom'
import { dropDraft, keepDraft, keptDraft } from '../lib/drafts'
import { ago, bytes } from '../lib/format'
import { pretty } from '../lib/json'
import { textsOf } from '../lib/sides'
import { eventsOf } from '../lib/sse'
import type { Code, FunctionSummary, Invocation, Version, Waiting } from '../lib/types'
import { functionLink, openDialog, problemNotice, toast, toastProblem } from '../lib/widgets'
import { askConflict } from '../parts/conflict'
import { EventPane } from '../parts/event-pane'
import { Files } from '../parts/files'
import { drawFunctionHead, lookWhetherPaused } from '../parts/function-head'
import { ResultPane } from '../parts/result-pane'

/** The Code page: edit, save, run what is on screen, publish. */
export async function start(): Promise<void> {
  const workbench = new Workbench()
  await workbench.open()
}

class Workbench {
  private readonly name = functionName()
  private readonly files = new Files(byId('code-pane'), () => this.edited())
  private readonly event = new EventPane(byId('event-pane'))
  private readonly result = new ResultPane(byId('result-pane'), (file, line) => this.files.jumpTo(file, line))
  private readonly runButton = h(
    'button',
    {
      type: 'button',
      class: 'button primary',
      id: 'run',
      'aria-keyshortcuts': 'Control+Enter Meta+Enter',
      onclick: () => this.run(),
    },
    '▶ Run',
  )
  private readonly saveButton = h(
    'button',
    {
      type: 'button',
      class: 'button',
      id: 'save',
      'aria-keyshortcuts': 'Control+S Meta+S',
      onclick: () => this.save(),
    },
    'Save',
  )
  private readonly publishButton = h(
    'button',
    {
      type: 'button',
      class: 'button',
      id: 'publish',
      'aria-keyshortcuts': 'Control+Shift+Enter Meta+Shift+Enter',
      onclick: () => this.publish(),
    },
    'Publish',
  )
  private fn: FunctionSummary = {} as FunctionSummary
  /** The draft's hash that the edits are based on; a save by somebody else changes it. */
  private baseSha = ''
  private baseRevision = 0
  private saving: Promise<boolean> | null = null
  private running: AbortController | null = null
  private ready = false

  private readonly keep = debounce(250, () => this.keepNow())

  async open(): Promise<void> {
    fill(
      byId('function-actions'),
      h(
        'button',
        {
          type: 'button',
          class: 'button quiet',
          'data-command': 'api-call',
          'data-method': 'POST',
          'data-path': path`/functions/${this.name}/invocations`,
          'data-body': '{}',
        },
        'Show API call',
      ),
      this.saveButton,
      this.publishButton,
      this.runButton,
    )
    document.addEventListener('keydown', (event) => this.shortcut(event), { capture: true })
    window.addEventListener('beforeunload', (event) => {
      this.keepNow()
      if (this.files.dirty) event.preventDefault()
    })
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.lookForOthers()
      else this.keepNow()
    })
    const events = this.event.load()
    await this.load()
    this.restoreKept()
    this.ready = true
    this.edited()
    await events
    await this.takeEventFromInvocation()
    this.welcome()
  }

  private async load(): Promise<void> {
    const [fn, code] = await Promise.all([
      get<FunctionSummary>(path`/functions/${this.name}`),
      get<Code>(path`/functions/${this.name}/code`),
    ])
    this.show(fn, code)
  }

  private show(fn: FunctionSummary, code: Code): void {
    this.fn = fn
    this.baseSha = code.sha256
    this.baseRevision = fn.revision
    this.files.load(code, mainFile(fn, code))
    this.showFunction(fn)
    lookWhetherPaused(fn.name)
  }

  private showFunction(fn: FunctionSummary): void {
    this.fn = fn
    drawFunctionHead(fn)
    this.files.showFacts(
      `${fn.handler} · ${fn.memory} MB · ${fn.timeout} s · ${bytes(fn.codeSizeBytes)} of 250 MB`,
    )
    this.edited()
  }

  private edited(): void {
    if (!this.ready) return
    const dirty = this.files.dirty
    fill(
      this.saveButton,
      dirty ? 'Save' : 'Saved',
      dirty && h('span', { class: 'dot', 'aria-hidden': 'true' }),
      h(
        'span',
        { class: 'visually-hidden' },
        dirty ? ': there are changes that are not saved' : ': nothing to save',
      ),
    )
    document.title = `${dirty ? '● ' : ''}${this.name} · Funkhaus`
    this.keep()
  }

  private keepNow(): void {
    if (!this.ready) return
    if (!this.files.dirty) {
      dropDraft(this.name)
      return
    }
    keepDraft(this.name, {
      ...this.files.edits(),
      revision: this.baseRevision,
      keptAt: new Date().toISOString(),
    })
  }

  private restoreKept(): void {
    const kept = keptDraft(this.name)
    if (!kept) return
    const overtaken = kept.revision !== this.fn.revision
    this.files.restore(kept.files, kept.removed)
    if (!this.files.dirty) {
      dropDraft(this.name)
      return
    }
    if (overtaken) {
      this.baseSha = ''
      this.baseRevision = kept.revision
    }
    const notice = h(
      'div',
      { class: overtaken ? 'notice warn' : 'notice', role: 'status' },
      h(
        'p',
        {},
        `Edits from ${ago(kept.keptAt, Date.now())} that were not saved are back. `,
        overtaken && 'The function was saved by someone in between; saving will ask what to keep.',
      ),
      h(
        'button',
        { type: 'button', class: 'button small', onclick: () => this.discard(notice) },
        'Discard them',
      ),
    )
    this.note(notice)
  }

  private async discard(notice: HTMLElement): Promise<void> {
    notice.remove()
    dropDraft(this.name)
    await this.load().catch(toastProblem)
  }

  private welcome(): void {
    if (!new URLSearchParams(location.search).has('welcome')) return
    history.replaceState(null, '', location.pathname)
    this.note(
      h(
        'div',
        { class: 'notice good', role: 'status' },
        h(
          'p',
          {},
          h('strong', {}, 'This is your first function, and it works. '),
          'Press Run, or Enter now. Then change the greeting and run it again.',
        ),
      ),
    )
    this.runButton.focus()
  }

  private note(notice: HTMLElement): void {
    notice.append(
      h(
        'button',
        {
          type: 'button',
          class: 'button small quiet icon',
          'aria-label': 'Dismiss',
          onclick: () => notice.remove(),
        },
        '✕',
      ),
    )
    byId('draft-notices').replaceChildren(notice)
  }

  private async takeEventFromInvocation(): Promise<void> {
    const requestId = new URLSearchParams(location.search).get('event-of')
    if (!requestId) return
    history.replaceState(null, '', location.pathname)
    const invocation = await get<Invocation>(path`/invocations/${requestId}`).catch(() => null)
    if (typeof invocation?.payload !== 'string') return
    this.event.text = pretty(invocation.payload)
    this.runButton.focus()
  }

  private shortcut(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || document.querySelector('dialog[open]')) return
    const key = event.key.toLowerCase()
    const act =
      key === 's' && !event.shiftKey
        ? () => this.save()
        : key === 'enter' && event.shiftKey
          ? () => this.publish()
          : key === 'enter'
            ? () => this.run()
            : null
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }

  /** Saves the draft on the server; true when what is on screen is there. */
  private save(): Promise<boolean> {
    this.saving ??= this.saveNow().finally(() => {
      this.saving = null
    })
    return this.saving
  }

  private async saveNow(): Promise<boolean> {
    this.files.clearFailures()
    if (!this.files.dirty) return true
    this.saveButton.textContent = 'Saving…'
    const arrived = this.files.snapshot()
    try {
      const { body } = await call<FunctionSummary>('PUT', path`/functions/${this.name}/code`, {
        body: { files: this.files.payload() },
        ifMatch: this.baseRevision,
      })
      this.baseRevision = body.revision
      this.baseSha = body.codeSha256
      arrived()
      byId('draft-notices').replaceChildren()
      this.showFunction(body)
      this.keepNow()
      return !this.files.dirty || this.saveNow()
    } catch (failure) {
      this.edited()
      if (failure instanceof Problem && failure.status === 412) return this.resolveConflict(failure)
      toastProblem(failure)
      return false
    }
  }

  private async resolveConflict(problem: Problem): Promise<boolean> {
    const [fn, code] = await Promise.all([
      get<FunctionSummary>(path`/functions/${this.name}`),
      get<Code>(path`/functions/${this.name}/code`),
    ])
    // Only the configuration has changed: these edits are about the code, there is nothing to choose.
    if (code.sha256 === this.baseSha) {
      this.baseRevision = fn.revision
      return this.saveNow()
    }
    const choice = await askConflict({
      updatedAt: String(problem.body.updatedAt ?? fn.updatedAt),
      updatedBy: (problem.body.updatedBy as string | null) ?? fn.updatedBy,
      theirs: { label: 'Theirs', files: textsOf(code), settings: new Map() },
      mine: { label: 'Mine', files: this.files.texts(), settings: new Map() },
    })
    if (choice === '') return false
    if (choice === 'theirs') {
      dropDraft(this.name)
      this.show(fn, code)
      toast('This is now what the other person saved.')
      return false
    }
    this.baseRevision = fn.revision
    this.baseSha = code.sha256
    return this.saveNow()
  }

  /** Another tab or person may have saved while this page was in the background. */
  private async lookForOthers(): Promise<void> {
    const fn = await get<FunctionSummary>(path`/functions/${this.name}`).catch(() => null)
    if (!fn || fn.revision <= this.baseRevision || this.saving) return
    if (this.files.dirty) {
      this.note(
        h(
          'div',
          { class: 'notice warn', role: 'status' },
          h(
            'p',
            {},
            `${fn.updatedBy ?? 'Someone'} saved this function ${ago(fn.updatedAt, Date.now())}. Saving will ask what to keep.`,
          ),
        ),
      )
      return
    }
    await this.load().catch(toastProblem)
  }

  /** Runs what is on screen: saves first, and does not run when that fails. */
  private async run(): Promise<void> {
    if (this.running) return
    const payload = this.event.valid()
    if (payload === null) return
    this.running = new AbortController()
    this.runButton.textContent = '▶ Running'
    this.runButton.setAttribute('aria-disabled', 'true')
    try {
      if (await this.save()) await this.invoke(payload, this.running)
    } catch (failure) {
      this.result.fail(failure)
    } finally {
      this.running = null
      this.runButton.textContent = '▶ Run'
      this.runButton.removeAttribute('aria-disabled')
    }
  }

  private async invoke(payload: string, watch: AbortController): Promise<void> {
    this.result.begin(this.fn.timeout, () => watch.abort())
    const response = await send('POST', path`/functions/${this.name}/invocations`, {
      text: payload,
      accept: 'text/event-stream',
      signal: watch.signal,
    })
    for await (const { event, data } of eventsOf(response)) {
      if (event === 'log') this.result.hear(JSON.parse(data) as string)
      if (event === 'waiting') this.result.wait(JSON.parse(data) as Waiting)
      if (event === 'running') this.result.wait(null)
      if (event !== 'end') continue
      const culprit = this.result.end(JSON.parse(data) as Invocation, this.files.paths)
      if (culprit?.file && culprit.line) this.files.markFailure(culprit.file, culprit.line)
      return
    }
    throw new Error(
      'The connection ended before the result came. The run is in the list of invocations once it has ended.',
    )
  }

  private async publish(): Promise<void> {
    const next = (this.fn.latestVersion ?? 0) + 1
    const note = h('input', {
      class: 'input',
      id: 'note',
      maxLength: 200,
      autocomplete: 'off',
      'data-focus': true,
    })
    const answer = await openDialog(`Publish version ${next}`, (close) => [
      h(
        'form',
        {
          class: 'stack',
          onsubmit: (event: Event) => {
            event.preventDefault()
            close('publish')
          },
        },
        h(
          'p',
          { class: 'soft' },
          'A version never changes: its code and configuration stay callable under its number. Aliases can point to it.',
        ),
        h('div', { class: 'field' }, h('label', { htmlFor: 'note' }, 'What has changed? (optional)'), note),
        h('div', { class: 'dialog-actions' }, h('button', { class: 'button primary' }, 'Save and publish')),
      ),
    ])
    if (answer !== 'publish' || !(await this.save())) return
    try {
      const { status, body } = await call<Version>('POST', path`/functions/${this.name}/versions`, {
        body: note.value.trim() ? { note: note.value.trim() } : {},
      })
      this.showFunction(await get<FunctionSummary>(path`/functions/${this.name}`))
      this.baseRevision = this.fn.revision
      toast(
        status === 201
          ? `Published version ${body.number}.`
          : `Nothing has changed since version ${body.number}.`,
        {
          action: {
            label: 'See versions',
            act: () => location.assign(`${functionLink(this.name)}/versions`),
          },
        },
      )
    } catch (failure) {
      byId('draft-notices').replaceChildren(problemNotice(failure))
    }
  }
}

/** The file that the handler names, to open first. */
function mainFile(fn: FunctionSummary, code: Code): string {
  const stem = fn.handler.replace(/\.[^./]*$/, '')
  return code.files.find((file) => file.path.replace(/\.[^.]*$/, '') === stem)?.path ?? ''
}
