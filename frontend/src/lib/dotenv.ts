const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/

/** The variables of a pasted .env file. Lines that are neither variables, comments nor empty are returned as refused. */
export function parseDotenv(text: string): { variables: Record<string, string>; refused: string[] } {
  const variables: Record<string, string> = {}
  const refused: string[] = []
  const lines = text.split(/\r?\n/)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    if (/^\s*(#|$)/.test(line)) continue
    const match = LINE.exec(line)
    if (!match?.[1]) {
      refused.push(line.trim())
      continue
    }
    let value = match[2] ?? ''
    const quote = value[0]
    if (quote === '"' || quote === "'") {
      while (closing(value, quote) < 0 && i + 1 < lines.length) value += `\n${lines[++i]}`
      value = unquote(value, quote)
    } else {
      value = value.replace(/\s+#.*$/, '').trim()
    }
    variables[match[1]] = value
  }
  return { variables, refused }
}

function closing(value: string, quote: string): number {
  for (let i = 1; i < value.length; i++) {
    if (quote === '"' && value[i] === '\\') i++
    else if (value[i] === quote) return i
  }
  return -1
}

function unquote(value: string, quote: string): string {
  const end = closing(value, quote)
  const inner = end < 0 ? value.slice(1) : value.slice(1, end)
  if (quote === "'") return inner
  return inner.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter)
}
