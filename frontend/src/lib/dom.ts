/** Children of an element; `false`, `null` and `undefined` are left out, so that conditions can stand inline. */
export type Child = Node | string | number | false | null | undefined | Child[]

type Props = Record<string, unknown>

/**
 * Makes an element. Text always becomes a text node, never markup. Props that start with `on` are listeners, `class` and
 * everything with a dash are attributes, the rest are properties.
 */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) set(element, name, value)
  append(element, children)
  return element
}

/** Makes an SVG element; all its props are attributes. */
export function s(
  tag: string,
  attributes: Record<string, string | number> = {},
  ...children: Child[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  append(element, children)
  return element
}

function set(element: HTMLElement, name: string, value: unknown): void {
  if (value === undefined || value === null || value === false) return
  if (name.startsWith('on') && typeof value === 'function') {
    element.addEventListener(name.slice(2), value as EventListener)
    return
  }
  if (name in element && !name.includes('-') && name !== 'list' && name !== 'form') {
    Object.assign(element, { [name]: value })
    return
  }
  element.setAttribute(name, value === true ? '' : String(value))
}

export function append(element: Element, children: Child[]): void {
  for (const child of children) {
    if (child === false || child === null || child === undefined) continue
    if (Array.isArray(child)) append(element, child)
    else element.append(child instanceof Node ? child : String(child))
  }
}

/** Shows these children and nothing else, and says that the waiting is over. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren()
  append(element, children)
  element.removeAttribute('aria-busy')
}

/** The element with this id; every island knows what its template contains. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the page has no element #${id}`)
  return element as T
}

export function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''
}

/** A path inside the console, with the prefix a proxy may have put before it. */
export function link(path: string): string {
  return meta('base').replace(/\/$/, '') + path
}

/** The name of the function a page is about. */
export function functionName(): string {
  return byId('function').dataset.function ?? ''
}

/** The nonce that the content security policy demands on style elements. */
export function cspNonce(): string {
  return document.querySelector<HTMLElement>('meta[property="csp-nonce"]')?.nonce ?? ''
}

export function debounce<A extends unknown[]>(
  millis: number,
  act: (...args: A) => void,
): (...args: A) => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return (...args) => {
    clearTimeout(timer)
    timer = setTimeout(() => act(...args), millis)
  }
}
