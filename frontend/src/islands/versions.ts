import { call, get, list, path, query } from '../lib/api'
import { byId, type Child, fill, functionName, h } from '../lib/dom'
import { bytes } from '../lib/format'
import { settingsOf, textsOf } from '../lib/sides'
import type { Alias, Code, FunctionSummary, Version } from '../lib/types'
import {
  copyButton,
  empty,
  functionLink,
  openDialog,
  problemNotice,
  timeAgo,
  toast,
  toastProblem,
} from '../lib/widgets'
import type { Side } from '../parts/diff'
import { drawFunctionHead, loadFunction } from '../parts/function-head'

const DRAFT = 'draft'

/** Versions of a function: what each one is, what differs between any two, and the way back. The comparison stands in the URL. */
export async function start(): Promise<void> {
  await new Versions().open()
}

class Versions {
  private readonly name = functionName()
  private readonly apiPath = path`/functions/${this.name}/versions`
  private readonly comparison = h('section', { class: 'card', 'aria-label': 'Comparison', hidden: true })
  private fn: FunctionSummary = {} as FunctionSummary
  private versions: Version[] = []
  private aliases: Alias[] = []

  async open(): Promise<void> {
    try {
      this.fn = await loadFunction(this.apiPath)
      await this.load()
      if (new URLSearchParams(location.search).has('from')) await this.compare()
    } catch (failure) {
      fill(
        byId('content'),
        problemNotice(failure, () => location.reload()),
      )
    }
  }

  private async load(): Promise<void> {
    ;[this.fn, this.versions, this.aliases] = await Promise.all([
      get<FunctionSummary>(path`/functions/${this.name}`),
      list<Version>(`${this.apiPath}?limit=100`),
      list<Alias>(path`/functions/${this.name}/aliases`),
    ])
    drawFunctionHead(this.fn)
    fill(
      byId('content'),
      this.comparison,
      h(
        'section',
        { class: 'card', 'aria-label': 'Versions' },
        this.versions.length === 0
          ? empty(
              'Nothing published yet',
              'Publishing keeps the draft, code and configuration, as a version that never changes. Callers can then rely on its number.',
              h('a', { class: 'button primary', href: functionLink(this.name) }, 'Back to the code'),
            )
          : h(
              'ol',
              { class: 'versions' },
              this.draftRow(),
              this.versions.map((version) => this.row(version)),
            ),
      ),
    )
  }

  private draftRow(): Child {
    const newest = this.versions[0]
    return h(
      'li',
      {},
      h('span', { class: 'number' }, 'draft'),
      h(
        'span',
        {},
        this.fn.draftDiffers ? 'Has changes that are not published' : `The same as version ${newest?.number}`,
        h('span', { class: 'hint row' }, `${this.fn.updatedBy ?? 'someone'}, `, timeAgo(this.fn.updatedAt)),
      ),
      h(
        'span',
        { class: 'row' },
        newest &&
          h(
            'button',
            { type: 'button', class: 'button small', onclick: () => this.show(String(newest.number), DRAFT) },
            `Compare with ${newest.number}`,
          ),
      ),
    )
  }

  private row(version: Version): Child {
    const before = this.versions.find(({ number }) => number < version.number)
    return h(
      'li',
      { id: `version-${version.number}` },
      h('span', { class: 'number' }, version.number),
      h(
        'span',
        { class: 'note' },
        version.note || h('span', { class: 'soft' }, 'No note'),
        ' ',
        this.aliases
          .filter(
            (alias) =>
              alias.version === version.number || alias.additionalVersion?.version === version.number,
          )
          .map((alias) => [h('span', { class: 'chip accent' }, alias.name), ' ']),
        h(
          'span',
          { class: 'hint row' },
          version.author ?? 'someone',
          timeAgo(version.createdAt),
          bytes(version.codeSizeBytes),
          h('code', { title: `SHA-256 ${version.codeSha256}` }, version.codeSha256.slice(0, 12)),
          copyButton(() => version.codeSha256, 'Copy hash', `of version ${version.number}`),
        ),
      ),
      h(
        'span',
        { class: 'row' },
        before &&
          h(
            'button',
            {
              type: 'button',
              class: 'button small quiet',
              onclick: () => this.show(String(before.number), String(version.number)),
            },
            `Changes since ${before.number}`,
          ),
        h(
          'button',
          { type: 'button', class: 'button small', onclick: () => this.show(String(version.number), DRAFT) },
          'Compare with draft',
        ),
        h(
          'button',
          { type: 'button', class: 'button small', onclick: () => this.restore(version) },
          'Restore',
        ),
      ),
    )
  }

  private show(from: string, to: string): void {
    const view = new URLSearchParams(location.search).get('view')
    history.pushState(null, '', location.pathname + query({ from, to, view }))
    this.compare()
    this.comparison.scrollIntoView({ block: 'start' })
  }

  private async compare(): Promise<void> {
    const search = new URLSearchParams(location.search)
    const from = search.get('from') ?? ''
    const to = search.get('to') ?? DRAFT
    const inline =
      (search.get('view') ?? (matchMedia('(width < 60rem)').matches ? 'inline' : 'split')) === 'inline'
    const place = h('div', {}, h('div', { class: 'skeleton' }, h('i'), h('i'), h('i')))
    const change = (values: Record<string, string>): void => {
      history.replaceState(
        null,
        '',
        location.pathname + query({ from, to, view: search.get('view'), ...values }),
      )
      this.compare()
    }
    this.comparison.hidden = false
    fill(
      this.comparison,
      h(
        'header',
        { class: 'card-head' },
        h('h2', {}, 'Compare'),
        this.choice('From', from, (value) => change({ from: value })),
        h('span', { 'aria-hidden': 'true' }, '→'),
        this.choice('To', to, (value) => change({ to: value })),
        h(
          'span',
          { class: 'end' },
          h(
            'span',
            { class: 'segments', role: 'group', 'aria-label': 'How to compare' },
            h(
              'button',
              { type: 'button', 'aria-pressed': String(!inline), onclick: () => change({ view: 'split' }) },
              'Side by side',
            ),
            h(
              'button',
              { type: 'button', 'aria-pressed': String(inline), onclick: () => change({ view: 'inline' }) },
              'Inline',
            ),
          ),
          h(
            'button',
            {
              type: 'button',
              class: 'button small quiet icon',
              'aria-label': 'Close the comparison',
              onclick: () => {
                this.comparison.hidden = true
                history.replaceState(null, '', location.pathname)
              },
            },
            '✕',
          ),
        ),
      ),
      place,
    )
    try {
      const [left, right, { drawDiff }] = await Promise.all([
        this.side(from),
        this.side(to),
        import('../parts/diff'),
      ])
      drawDiff(place, left, right, inline)
    } catch (failure) {
      fill(place, h('div', { class: 'card-body' }, problemNotice(failure)))
    }
  }

  private choice(label: string, current: string, choose: (value: string) => void): Child {
    const select = h(
      'select',
      { class: 'input small', 'aria-label': label },
      h('option', { value: DRAFT, selected: current === DRAFT }, 'draft'),
      this.versions.map(({ number, note }) =>
        h(
          'option',
          { value: String(number), selected: current === String(number) },
          `version ${number}${note ? `: ${note.slice(0, 40)}` : ''}`,
        ),
      ),
    )
    select.addEventListener('change', () => choose(select.value))
    return select
  }

  private async side(which: string): Promise<Side> {
    if (which === DRAFT) {
      const code = await get<Code>(path`/functions/${this.name}/code`)
      return { label: 'Draft', files: textsOf(code), settings: settingsOf(this.fn) }
    }
    const version = this.versions.find(({ number }) => String(number) === which)
    if (!version) throw new Error(`There is no version ${which} of ${this.name}.`)
    const code = await get<Code>(`${this.apiPath}/${version.number}/code`)
    return { label: `Version ${version.number}`, files: textsOf(code), settings: settingsOf(version) }
  }

  /** Second of the two clicks: says what will change, then makes the old version the draft and a new version of it. */
  private async restore(version: Version): Promise<void> {
    const preview = h('div', { class: 'card' }, h('div', { class: 'skeleton' }, h('i'), h('i')))
    const draw = async (): Promise<void> => {
      const [left, right, { drawDiff }] = await Promise.all([
        this.side(DRAFT),
        this.side(String(version.number)),
        import('../parts/diff'),
      ])
      drawDiff(preview, left, right, matchMedia('(width < 60rem)').matches)
    }
    draw().catch((failure) => fill(preview, problemNotice(failure)))
    const newest = this.versions[0]?.number ?? 0
    const answer = await openDialog(
      `Restore version ${version.number}?`,
      (close) => [
        h(
          'p',
          {},
          `The draft becomes what version ${version.number} was, and that is published as a new version.`,
          this.fn.draftDiffers &&
            ` Your unpublished changes are kept as version ${newest + 1} first, so nothing is lost.`,
        ),
        preview,
        h(
          'div',
          { class: 'dialog-actions' },
          h('button', { type: 'button', class: 'button', onclick: () => close() }, 'Leave as it is'),
          h(
            'button',
            { type: 'button', class: 'button primary', 'data-focus': true, onclick: () => close('restore') },
            `Restore version ${version.number}`,
          ),
        ),
      ],
      { wide: true },
    )
    if (answer !== 'restore') return
    try {
      const kept = this.fn.draftDiffers
        ? (await this.publish(`Draft before restoring version ${version.number}`)).number
        : newest
      await call('POST', `${this.apiPath}/${version.number}/restore`)
      const made = await this.publish(`Restored from version ${version.number}`)
      await this.load()
      const undo = this.versions.find(({ number }) => number === kept)
      toast(
        `Version ${version.number} is the draft again${made.number > kept ? `, and version ${made.number}` : ''}.`,
        undo && undo.number !== version.number
          ? { action: { label: 'Undo', act: () => this.restore(undo) } }
          : {},
      )
    } catch (failure) {
      toastProblem(failure)
      await this.load().catch(toastProblem)
    }
  }

  private async publish(note: string): Promise<Version> {
    return (await call<Version>('POST', this.apiPath, { body: { note } })).body
  }
}
