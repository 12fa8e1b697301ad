import type { Progress, Status } from './types'

/** 0.42 ms, 12 ms, 3.4 s, 2 min 5 s: three figures, no more. */
export function millis(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  if (value === 0) return '0 ms'
  if (value < 10) return `${trim(value.toFixed(2))} ms`
  if (value < 100) return `${trim(value.toFixed(1))} ms`
  if (value < 1000) return `${Math.round(value)} ms`
  if (value < 60_000) return `${trim((value / 1000).toFixed(value < 10_000 ? 2 : 1))} s`
  const seconds = Math.round(value / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  if (value < 1024) return `${value} B`
  if (value < 1024 ** 2) return `${trim((value / 1024).toFixed(1))} KB`
  return `${trim((value / 1024 ** 2).toFixed(1))} MB`
}

export function count(value: number): string {
  return value.toLocaleString('en')
}

/** "3.2 %", and "0 %" only when it is none. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–'
  const share = (100 * part) / whole
  if (share === 0 || share === 100) return `${share} %`
  return `${share < 10 ? share.toFixed(1) : Math.round(share)} %`
}

function trim(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number
}

const UNITS: [number, string][] = [
  [60, 'second'],
  [60, 'minute'],
  [24, 'hour'],
  [30, 'day'],
  [12, 'month'],
  [Number.POSITIVE_INFINITY, 'year'],
]

/** "2 minutes ago", "in 3 days"; the exact time belongs in the title. What is to come is in days for longer: 90 days read so. */
export function ago(instant: string, now: number): string {
  const seconds = (now - Date.parse(instant)) / 1000
  let amount = Math.abs(seconds)
  if (amount < 5) return 'just now'
  for (const [size, unit] of UNITS) {
    const limit = unit === 'day' && seconds < 0 ? 100 : size
    if (amount < limit) {
      const whole = seconds > 0 ? Math.floor(amount) : Math.round(amount)
      const text = `${whole} ${unit}${whole === 1 ? '' : 's'}`
      return seconds > 0 ? `${text} ago` : `in ${text}`
    }
    amount /= size
  }
  return instant
}

/** How long something took of which only a lower bound is known. */
export function atLeast(milliseconds: number): string {
  return milliseconds > 0 ? `at least ${millis(milliseconds)}` : 'unknown'
}

/** 2026-11-21 09:40:02 in UTC or in the reader's zone. */
export function stamp(instant: string | number | Date, utc = false): string {
  const date = new Date(instant)
  const shifted = utc ? date : new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return shifted.toISOString().slice(0, 19).replace('T', ' ')
}

export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`
}

/** Words of the service, which begin small, as a sentence of their own. */
export function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

export const STATUS_WORDS: Record<Status, string> = {
  succeeded: 'Succeeded',
  failed: 'Failed',
  timed_out: 'Timed out',
  out_of_memory: 'Out of memory',
  exited: 'Exited',
  init_failed: 'Failed to load',
  response_too_large: 'Result too large',
  sandbox_lost: 'Sandbox lost',
  cancelled: 'Cancelled',
  refused: 'Refused',
  interrupted: 'Interrupted',
}

/** Of those that have not ended. */
export const PROGRESS_WORDS: Record<Progress, string> = { waiting: 'Waiting', running: 'Running' }

/** `cut` is no fault of the function: its end is not known. */
export function statusTone(status: Status): 'good' | 'bad' | 'warn' | 'cut' {
  if (status === 'succeeded') return 'good'
  if (status === 'interrupted') return 'cut'
  return status === 'refused' || status === 'cancelled' ? 'warn' : 'bad'
}
