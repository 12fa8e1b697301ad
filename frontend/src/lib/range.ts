/** A stretch of time on the metrics page: a length that ends now, or two fixed ends. */
export interface Range {
  last: string | null
  from: number
  to: number
}

export const LENGTHS: Record<string, { words: string; seconds: number }> = {
  '15m': { words: '15 min', seconds: 900 },
  '1h': { words: '1 hour', seconds: 3600 },
  '6h': { words: '6 hours', seconds: 21_600 },
  '24h': { words: '24 hours', seconds: 86_400 },
  '7d': { words: '7 days', seconds: 604_800 },
  '30d': { words: '30 days', seconds: 2_592_000 },
}

const DEFAULT = '1h'

/** What the URL asks for; anything it says wrongly falls back to the last hour. */
export function rangeOf(search: URLSearchParams, now: number): Range {
  const from = Date.parse(search.get('from') ?? '')
  const to = Date.parse(search.get('to') ?? '')
  if (from < to) return { last: null, from, to }
  const asked = search.get('last') ?? DEFAULT
  const last = LENGTHS[asked] ? asked : DEFAULT
  return { last, from: now - (LENGTHS[last]?.seconds ?? 3600) * 1000, to: now }
}

/** The step whose number of points suits a chart: at most about 250, never below a minute. */
export function stepSeconds(range: Range): number {
  const seconds = (range.to - range.from) / 1000
  return [60, 300, 900, 3600, 21_600, 86_400].find((step) => seconds / step <= 250) ?? 86_400
}

/** The stretch of the same length right before. */
export function previous(range: Range): Range {
  return { last: null, from: range.from - (range.to - range.from), to: range.from }
}
