import { h } from '../lib/dom'
import { openDialog } from '../lib/widgets'

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent)
const mod = apple ? '⌘' : 'Ctrl'

const SHEET: [string, [string[], string][]][] = [
  [
    'On the Code page',
    [
      [[mod, 'S'], 'Save the draft'],
      [[mod, 'Enter'], 'Save, then run what is on screen'],
      [[mod, 'Shift', 'Enter'], 'Publish a version'],
      [[mod, 'F'], 'Find in the file (inside the editor)'],
      [['Esc', 'then Tab'], 'Leave the editor by keyboard'],
    ],
  ],
  [
    'Everywhere',
    [
      [[mod, 'K'], 'Go to a function, page or action'],
      [['?'], 'This sheet'],
      [['Esc'], 'Close a dialog or menu'],
    ],
  ],
]

/** The sheet of keyboard shortcuts. */
export function openShortcuts(): void {
  openDialog('Keyboard shortcuts', () =>
    SHEET.map(([title, rows]) =>
      h(
        'section',
        { class: 'stack' },
        h('h3', {}, title),
        h(
          'table',
          { class: 'table' },
          h(
            'tbody',
            {},
            rows.map(([keys, words]) =>
              h(
                'tr',
                {},
                h('td', {}, words),
                h(
                  'td',
                  { class: 'end' },
                  keys.map((key, i) => [i > 0 && ' ', h('kbd', {}, key)]),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  )
}
