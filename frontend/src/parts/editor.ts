import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { python } from '@codemirror/lang-python'
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension, RangeSet, StateEffect, StateField } from '@codemirror/state'
import {
  Decoration,
  drawSelection,
  EditorView,
  GutterMarker,
  gutter,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags as t } from '@lezer/highlight'
import { cspNonce } from '../lib/dom'

const theme = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--text)', fontSize: 'var(--size-1)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-content:focus-visible': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', fontVariantLigatures: 'none', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--accent)', padding: '0.6rem 0' },
  '.cm-cursor, .cm-dropCursor': { borderLeftColor: 'var(--accent)', borderLeftWidth: '2px' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, ::selection':
    {
      backgroundColor: 'var(--accent-wash)',
    },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--text-soft)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0.6rem 0 0.75rem' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in oklch, var(--hover) 40%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'transparent', color: 'var(--text)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--hover)',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-wash)', outline: '1px solid var(--warn)' },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--accent-wash)' },
  '.cm-selectionMatch': { backgroundColor: 'var(--hover)' },
  '.cm-panels': { backgroundColor: 'var(--paper)', color: 'var(--text)', borderColor: 'var(--line)' },
  '.cm-panel.cm-search': { fontFamily: 'var(--sans)', padding: '0.5rem' },
  '.cm-textfield': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-1)',
    backgroundColor: 'var(--raised)',
    minHeight: '1.75rem',
  },
  '.cm-button': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-1)',
    backgroundImage: 'none',
    backgroundColor: 'var(--surface)',
    minHeight: '1.75rem',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: 'var(--radius-2)',
    boxShadow: 'var(--shadow-high)',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-wash)',
    color: 'var(--text)',
  },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--hover)', border: 'none', color: 'var(--text-soft)' },
  '.cm-error-line': { backgroundColor: 'var(--bad-wash)' },
  '.cm-error-gutter': { width: '0.9rem' },
  '.cm-error-gutter .cm-gutterElement': { color: 'var(--bad)', textAlign: 'center' },
  '.cm-changedLine': { backgroundColor: 'var(--good-wash) !important' },
  '&.cm-merge-a .cm-changedLine, .cm-deletedChunk': { backgroundColor: 'var(--bad-wash) !important' },
  '.cm-changedText': { background: 'color-mix(in oklch, var(--good) 22%, transparent) !important' },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText, .cm-deletedChunk .cm-changedText': {
    background: 'color-mix(in oklch, var(--bad) 22%, transparent) !important',
  },
  // On coloured ground the colours of the syntax would be too faint to read.
  '.cm-changedText, .cm-changedText *, .cm-deletedChunk *': { color: 'var(--text) !important' },
  '.cm-collapsedLines': {
    background: 'var(--paper) !important',
    color: 'var(--text-soft)',
    fontFamily: 'var(--sans)',
    minHeight: '1.6rem',
    paddingBlock: '0.2rem',
  },
})

const highlight = HighlightStyle.define([
  { tag: [t.keyword, t.operatorKeyword, t.modifier, t.controlKeyword], color: 'var(--code-keyword)' },
  { tag: [t.string, t.special(t.string), t.regexp], color: 'var(--code-string)' },
  { tag: [t.number, t.bool, t.null, t.atom], color: 'var(--code-number)' },
  { tag: [t.comment, t.meta], color: 'var(--code-comment)', fontStyle: 'italic' },
  {
    tag: [t.function(t.variableName), t.function(t.propertyName), t.propertyName],
    color: 'var(--code-name)',
  },
  { tag: [t.typeName, t.className, t.definition(t.typeName)], color: 'var(--code-type)' },
  { tag: t.invalid, color: 'var(--bad)' },
])

/** What every editor of the console looks like, read-only ones too. */
export function look(path: string): Extension[] {
  return [
    EditorView.cspNonce.of(cspNonce()),
    theme,
    syntaxHighlighting(highlight),
    languageOf(path),
    lineNumbers(),
    drawSelection(),
    EditorState.tabSize.of(2),
    indentUnit.of(path.endsWith('.py') ? '    ' : '  '),
  ]
}

/**
 * Typing over a selection goes straight into the document. Left to the browser, it would first write the look of the replaced
 * text into style attributes, which the content security policy blocks and reports.
 */
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection
    if (
      event.inputType !== 'insertText' ||
      !event.data ||
      main.empty ||
      view.composing ||
      view.state.readOnly
    )
      return false
    const text = event.data
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type', scrollIntoView: true })
    const handled = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, main.from, main.to, text, insert))
    if (!handled) view.dispatch(insert())
    event.preventDefault()
    return true
  },
})

/** What an editor does. Escape and then Tab leaves it, which its description says aloud. */
export function behaviour(label: string): Extension[] {
  return [
    history(),
    typeOverSelection,
    foldGutter(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    EditorState.allowMultipleSelections.of(true),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({
      tabindex: '0',
      'aria-label': `${label}. Press Escape and then Tab to leave the editor.`,
    }),
  ]
}

function languageOf(path: string): Extension {
  if (/\.(mjs|cjs|js|jsx)$/.test(path)) return javascript({ jsx: path.endsWith('x') })
  if (/\.(ts|mts|cts|tsx)$/.test(path)) return javascript({ typescript: true, jsx: path.endsWith('x') })
  if (path.endsWith('.py')) return python()
  if (path.endsWith('.json')) return json()
  return []
}

/** Marks the line a failure points to; `null` takes the mark away. */
export const markLine = StateEffect.define<number | null>()

class FailureMark extends GutterMarker {
  override toDOM(): Node {
    const mark = document.createElement('span')
    mark.textContent = '●'
    mark.title = 'The last run failed here'
    return mark
  }
}

const failureMark = new FailureMark()
const failureLine = Decoration.line({ class: 'cm-error-line' })

const marked = StateField.define<RangeSet<Decoration>>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes)
    for (const effect of transaction.effects) {
      if (!effect.is(markLine)) continue
      const lines = transaction.state.doc.lines
      next =
        effect.value === null || effect.value > lines || effect.value < 1
          ? Decoration.none
          : RangeSet.of(failureLine.range(transaction.state.doc.line(effect.value).from))
    }
    return next
  },
  provide: (field) => EditorView.decorations.from(field),
})

export const failureMarks: Extension = [
  marked,
  gutter({
    class: 'cm-error-gutter',
    lineMarker: (view, line) => {
      let found = false
      view.state.field(marked).between(line.from, line.from, () => {
        found = true
      })
      return found ? failureMark : null
    },
    lineMarkerChange: (update) => update.startState.field(marked) !== update.state.field(marked),
  }),
]
