import { withoutAnsi } from './ansi'

export type Level = 'error' | 'warn' | 'info' | 'debug' | 'platform' | 'plain'

export interface LogLine {
  raw: string
  level: Level
  json: unknown
}

const PLATFORM = /^(START|END|REPORT|INIT_REPORT) RequestId: /
const WORD = /(?:^|[\s[|\t])(FATAL|CRITICAL|ERROR|SEVERE|WARN(?:ING)?|INFO|DEBUG|TRACE)(?=[\s\]:|\t]|$)/i

/** What a line of a log is: whose, how serious, and whether it is a JSON object. */
export function classify(raw: string): LogLine {
  const text = withoutAnsi(raw)
  const json = objectIn(text)
  return { raw, level: levelOf(text, json), json }
}

function levelOf(text: string, json: unknown): Level {
  if (PLATFORM.test(text)) return 'platform'
  const named =
    json && typeof json === 'object'
      ? (json as Record<string, unknown>).level
      : WORD.exec(text.slice(0, 120))?.[1]
  const word = String(named ?? '').toUpperCase()
  if (/^(FATAL|CRITICAL|ERROR|SEVERE)$/.test(word)) return 'error'
  if (word.startsWith('WARN')) return 'warn'
  if (word === 'DEBUG' || word === 'TRACE') return 'debug'
  if (word === 'INFO') return 'info'
  if (/Task timed out after|^Error: |Traceback \(most recent/.test(text)) return 'error'
  return 'plain'
}

function objectIn(text: string): unknown {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null
  try {
    return JSON.parse(trimmed)
  } catch {
    return null
  }
}
