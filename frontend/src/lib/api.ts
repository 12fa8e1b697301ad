import { link, meta } from './dom'

/** What went wrong, in the words of the service (RFC 9457). */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>, requestId: string | null) {
    super(String(body.detail ?? body.title ?? `The service answered ${status}.`))
    this.status = status
    this.code = String(body.code ?? '')
    this.requestId = typeof body.requestId === 'string' ? body.requestId : requestId
    this.body = body
  }
}

export interface Answer<T> {
  status: number
  body: T
}

export interface Options {
  body?: unknown
  text?: string
  ifMatch?: number | string | null
  accept?: string
  signal?: AbortSignal
}

/** Calls the public REST API as the signed-in user. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
  const response = await send(method, path, options)
  const body = response.status === 204 ? undefined : await response.json()
  return { status: response.status, body: body as T }
}

export async function get<T>(path: string): Promise<T> {
  return (await call<T>('GET', path)).body
}

/** The items of a list, whether or not it comes in pages. */
export async function list<T>(path: string): Promise<T[]> {
  const answer = await get<T[] | { items: T[] }>(path)
  return Array.isArray(answer) ? answer : answer.items
}

/** As {@link call}, for whoever reads the body in another way. Rejects with a {@link Problem} unless the answer is 2xx. */
export async function send(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers: Record<string, string> = { Accept: options.accept ?? 'application/json' }
  if (method !== 'GET') headers['X-CSRF-TOKEN'] = meta('csrf')
  if (options.body !== undefined || options.text !== undefined) headers['Content-Type'] = 'application/json'
  if (options.ifMatch !== undefined && options.ifMatch !== null) headers['If-Match'] = `"${options.ifMatch}"`
  const init: RequestInit = { method, headers, credentials: 'same-origin', redirect: 'error' }
  const body = options.text ?? (options.body === undefined ? undefined : JSON.stringify(options.body))
  if (body !== undefined) init.body = body
  if (options.signal) init.signal = options.signal
  let response: Response
  try {
    response = await fetch(link(`/api/v1${path}`), init)
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure
    throw new Problem(
      0,
      {
        detail: 'The service cannot be reached. Check the connection; nothing you typed is lost.',
        code: 'Unreachable',
      },
      null,
    )
  }
  if (response.ok) return response
  const problem = await problemOf(response)
  if (response.status === 401) document.dispatchEvent(new CustomEvent('funkhaus:signed-out'))
  throw problem
}

async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('X-Request-Id')
  try {
    return new Problem(response.status, (await response.json()) as Record<string, unknown>, requestId)
  } catch {
    return new Problem(response.status, {}, requestId)
  }
}

/** A path of the API with its parts escaped. */
export function path(strings: TemplateStringsArray, ...values: (string | number)[]): string {
  return String.raw({ raw: strings.raw }, ...values.map((value) => encodeURIComponent(value)))
}

/** A query string of what is there, with its question mark. */
export function query(values: Record<string, string | number | null | undefined>): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') parts.set(name, String(value))
  }
  const text = parts.toString()
  return text ? `?${text}` : ''
}
