import { type Child, h } from './dom'

/** Where and why a text is not JSON, or null when it is. */
export function jsonProblem(text: string): { line: number; column: number; message: string } | null {
  if (text.trim() === '') return null
  try {
    JSON.parse(text)
    return null
  } catch (failure) {
    const message = failure instanceof Error ? failure.message : String(failure)
    const position = /position (\d+)/.exec(message)
    const offset = position ? Number(position[1]) : text.length
    const before = text.slice(0, offset).split('\n')
    return {
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      message: message
        .replace(/ in JSON.*$/s, '')
        .replace(/, ?"?\.{3}.*$/s, '')
        .replace(/^JSON\.parse: /, ''),
    }
  }
}

export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g

/** JSON text as coloured nodes; text that is not JSON comes out as it is. Long texts stay plain. */
export function coloured(text: string): Child[] {
  if (text.length > 200_000) return [text]
  const nodes: Child[] = []
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > from) nodes.push(text.slice(from, match.index))
    from = match.index + match[0].length
    if (match[1]) {
      nodes.push(h('span', { class: match[2] ? 'json-key' : 'json-string' }, match[1]), match[2])
      continue
    }
    nodes.push(h('span', { class: /[a-z]/.test(match[0][0] ?? '') ? 'json-word' : 'json-number' }, match[0]))
  }
  nodes.push(text.slice(from))
  return nodes
}
