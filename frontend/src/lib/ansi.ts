/** A stretch of text and the classes its escape sequences ask for. */
export interface Styled {
  text: string
  classes: string[]
}

const ESCAPE = '\\u001b'

/** A colour or weight, another sequence, a title, or a control character that has no business in a log line. */
const SEQUENCE = new RegExp(
  `${ESCAPE}\\[([0-9;:]*)([A-Za-z])|${ESCAPE}\\][^\\u0007\\u001b]*(?:\\u0007|${ESCAPE}\\\\)|[\\u0000-\\u0008\\u000b-\\u001f\\u007f]`,
  'g',
)

/** Splits a line at its ANSI sequences: colours and weights become classes, everything else of them is dropped. */
export function ansi(line: string): Styled[] {
  const parts: Styled[] = []
  let classes: string[] = []
  let from = 0
  for (const match of line.matchAll(SEQUENCE)) {
    if (match.index > from) parts.push({ text: line.slice(from, match.index), classes })
    from = match.index + match[0].length
    if (match[2] === 'm') classes = styled(classes, match[1] ?? '')
  }
  if (from < line.length) parts.push({ text: line.slice(from), classes })
  return parts
}

export function withoutAnsi(line: string): string {
  return ansi(line)
    .map((part) => part.text)
    .join('')
}

const WEIGHTS: Record<number, string> = {
  1: 'ansi-bold',
  2: 'ansi-dim',
  3: 'ansi-italic',
  4: 'ansi-underline',
}

function styled(before: string[], parameters: string): string[] {
  let classes = before
  const codes = parameters.split(/[;:]/).map((code) => Number(code || 0))
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0
    if (code === 0) classes = []
    else if (code === 38 || code === 48) i += codes[i + 1] === 5 ? 2 : 4
    else if (code === 39) classes = classes.filter((name) => !/-\d$/.test(name))
    else if (code === 22) classes = classes.filter((name) => name !== 'ansi-bold' && name !== 'ansi-dim')
    else if (WEIGHTS[code]) classes = [...classes, WEIGHTS[code]]
    else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      classes = [...classes.filter((name) => !/-\d$/.test(name)), `ansi-${code % 10}`]
    }
  }
  return classes
}
