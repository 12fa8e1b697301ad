import { MergeView, unifiedMergeView } from '@codemirror/merge'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { fill, h } from '../lib/dom'
import { plural } from '../lib/format'
import { look } from './editor'

/** One side of a comparison: its text files and its configuration, as words. */
export interface Side {
  label: string
  files: Map<string, string>
  settings: Map<string, string>
}

const readOnly = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ tabindex: '0' }),
]
const collapseUnchanged = { margin: 3, minSize: 6 }

/** Shows what differs between two sides; unchanged files are counted, unchanged lines folded away. */
export function drawDiff(place: HTMLElement, left: Side, right: Side, inline: boolean): void {
  const paths = [...new Set([...left.files.keys(), ...right.files.keys()])].sort()
  const changed = paths.filter((path) => left.files.get(path) !== right.files.get(path))
  const settings = changedSettings(left, right)
  const same = paths.length - changed.length
  fill(
    place,
    settings.length > 0 && settingsTable(settings, left.label, right.label),
    changed.map((path) => fileDiff(path, left.files.get(path), right.files.get(path), inline)),
    changed.length === 0 && settings.length === 0
      ? h('p', { class: 'card-body' }, `${left.label} and ${right.label} are the same.`)
      : h(
          'p',
          { class: 'card-body small soft' },
          same > 0 ? `${plural(same, 'file')} unchanged.` : 'No other files.',
        ),
  )
}

function changedSettings(left: Side, right: Side): [string, string | undefined, string | undefined][] {
  return [...new Set([...left.settings.keys(), ...right.settings.keys()])]
    .filter((name) => left.settings.get(name) !== right.settings.get(name))
    .map((name) => [name, left.settings.get(name), right.settings.get(name)])
}

function settingsTable(
  rows: [string, string | undefined, string | undefined][],
  left: string,
  right: string,
): HTMLElement {
  return h(
    'section',
    { class: 'diff-file' },
    h('h3', {}, 'Configuration'),
    h(
      'table',
      { class: 'table config-diff' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ['Setting', left, right].map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map(([name, before, after]) =>
          h(
            'tr',
            {},
            h('td', {}, name),
            h(
              'td',
              {},
              before === undefined ? h('span', { class: 'soft' }, 'not set') : h('del', {}, before),
            ),
            h('td', {}, after === undefined ? h('span', { class: 'soft' }, 'not set') : h('ins', {}, after)),
          ),
        ),
      ),
    ),
  )
}

function fileDiff(
  path: string,
  before: string | undefined,
  after: string | undefined,
  inline: boolean,
): HTMLElement {
  const place = h('div', {})
  const state = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed'
  const section = h(
    'section',
    { class: 'diff-file', 'aria-label': `${path}, ${state}` },
    h('h3', {}, path, h('span', { class: 'chip' }, state)),
    place,
  )
  if (inline) {
    new EditorView({
      parent: place,
      doc: after ?? '',
      extensions: [
        look(path),
        readOnly,
        EditorView.contentAttributes.of({ 'aria-label': `${path}, both sides in one` }),
        unifiedMergeView({ original: before ?? '', mergeControls: false, collapseUnchanged }),
      ],
    })
    return section
  }
  const side = (doc: string, label: string) => ({
    doc,
    extensions: [
      look(path),
      readOnly,
      EditorView.contentAttributes.of({ 'aria-label': `${path}, ${label}` }),
    ],
  })
  new MergeView({
    parent: place,
    a: side(before ?? '', 'left side'),
    b: side(after ?? '', 'right side'),
    collapseUnchanged,
  })
  return section
}
