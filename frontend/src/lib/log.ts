import { withoutAnsi } from './ansi'

export type Level = 'error' | 'warn' | 'info' | 'debug' | 'platform' | 'plain'

export interface LogLine {
  raw: string
  /** What the function wrote, without the time, id and level that the runtime put before it. */
  text: string
  /** The instant in that prefix, if there is one. */
  at: string | null
  level: Level
  json: unknown
}

const PLATFORM = /^(START|END|REPORT|INIT_REPORT) RequestId: /
const PREFIX = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\t[0-9a-f-]{36}\t([A-Z]+)\t/
const WORD = /^[\s[]*(FATAL|CRITICAL|ERROR|SEVERE|WARN(?:ING)?|INFO|DEBUG|TRACE)\b/

/** What a line of a log is: whose, how serious, and whether it is a JSON object. */
export function classify(raw: string): LogLine {
  const prefix = PREFIX.exec(raw)
  const text = prefix ? raw.slice(prefix[0].length) : raw
  const plain = withoutAnsi(text)
  const json = objectIn(plain)
  return { raw, text, at: prefix?.[1] ?? null, level: levelOf(plain, prefix?.[2], json), json }
}

/** The runtime's own word first; where that is only INFO, what the line says about itself. */
function levelOf(text: string, runtimeWord: string | undefined, json: unknown): Level {
  if (PLATFORM.test(text)) return 'platform'
  const ofRuntime = named(runtimeWord)
  if (ofRuntime && ofRuntime !== 'info') return ofRuntime
  const ofJson = json && typeof json === 'object' ? (json as Record<string, unknown>).level : undefined
  if (/Task timed out after|^Error: |^Traceback \(most recent/.test(text)) return 'error'
  return named(ofJson) ?? named(WORD.exec(text)?.[1]) ?? ofRuntime ?? 'plain'
}

function named(word: unknown): Level | undefined {
  switch (String(word ?? '').toUpperCase()) {
    case 'FATAL':
    case 'CRITICAL':
    case 'SEVERE':
    case 'ERROR':
      return 'error'
    case 'WARN':
    case 'WARNING':
      return 'warn'
    case 'DEBUG':
    case 'TRACE':
      return 'debug'
    case 'INFO':
      return 'info'
    default:
      return undefined
  }
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
