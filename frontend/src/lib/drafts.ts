import { meta } from './dom'

/** Edits that are not on the server yet, kept by the browser over crashes and log-outs. */
export interface KeptDraft {
  revision: number
  keptAt: string
  files: Record<string, string>
  removed: string[]
}

function key(name: string): string {
  return `funkhaus:draft:${meta('workspace')}:${name}`
}

export function keptDraft(name: string): KeptDraft | null {
  try {
    const text = localStorage.getItem(key(name))
    return text ? (JSON.parse(text) as KeptDraft) : null
  } catch {
    return null
  }
}

/** Keeps a draft; answers false when the browser will not (storage full or switched off). */
export function keepDraft(name: string, draft: KeptDraft): boolean {
  try {
    localStorage.setItem(key(name), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export function dropDraft(name: string): void {
  try {
    localStorage.removeItem(key(name))
  } catch {
    // A browser that keeps nothing has nothing to drop.
  }
}

/** A small thing remembered per function, such as the last test event. */
export function remembered(name: string, what: string): string | null {
  try {
    return localStorage.getItem(`${key(name)}:${what}`)
  } catch {
    return null
  }
}

export function remember(name: string, what: string, value: string): void {
  try {
    localStorage.setItem(`${key(name)}:${what}`, value)
  } catch {
    // Not remembered: the page works without.
  }
}
