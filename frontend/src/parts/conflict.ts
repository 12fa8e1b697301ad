import { h } from '../lib/dom'
import { openDialog, timeAgo } from '../lib/widgets'
import type { Side } from './diff'

export interface Conflict {
  updatedAt: string | null
  updatedBy: string | null
  theirs: Side
  mine: Side
}

/** Somebody saved in between: compare, take theirs, or keep mine. Closing it changes nothing. */
export async function askConflict(conflict: Conflict): Promise<'theirs' | 'mine' | ''> {
  const answer = await openDialog(
    'Someone saved this function in between',
    (close) => {
      const comparison = h('div', { class: 'card', hidden: true })
      const compare = h('button', { type: 'button', class: 'button', 'aria-expanded': 'false' }, 'Compare')
      compare.addEventListener('click', async () => {
        comparison.hidden = !comparison.hidden
        compare.setAttribute('aria-expanded', String(!comparison.hidden))
        const { drawDiff } = await import('./diff')
        drawDiff(comparison, conflict.theirs, conflict.mine, matchMedia('(width < 60rem)').matches)
      })
      return [
        h(
          'p',
          {},
          h('strong', {}, conflict.updatedBy ?? 'Someone'),
          ' saved it ',
          conflict.updatedAt ? timeAgo(conflict.updatedAt) : 'a moment ago',
          '. Your edits are based on the state before that. Nothing is lost until you choose.',
        ),
        comparison,
        h(
          'div',
          { class: 'dialog-actions' },
          compare,
          h('button', { type: 'button', class: 'button', onclick: () => close('theirs') }, 'Take theirs'),
          h(
            'button',
            { type: 'button', class: 'button primary', 'data-focus': true, onclick: () => close('mine') },
            'Keep mine',
          ),
        ),
      ]
    },
    { wide: true },
  )
  return answer === 'theirs' || answer === 'mine' ? answer : ''
}
