import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

export const BASE = process.env.FUNKHAUS_URL ?? ''
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium'
const SCREENSHOTS =
  process.env.FUNKHAUS_SCREENSHOTS ?? join(import.meta.dirname, '../../web/target/screenshots')
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What must never happen on any page of the console, collected while the test goes on. */
export interface Watched {
  page: Page
  violations: string[]
  foreign: string[]
  failures: string[]
}

/** A browser with somebody in it; every file of tests has one of its own. */
export class Session {
  private constructor(
    private readonly browser: Browser,
    readonly context: BrowserContext,
    readonly email: string,
    readonly password: string,
  ) {}

  static async open(options: { colorScheme?: 'light' | 'dark'; width?: number } = {}): Promise<Session> {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
    const context = await browser.newContext({
      baseURL: BASE,
      viewport: { width: options.width ?? 1440, height: 900 },
      colorScheme: options.colorScheme ?? 'light',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    context.setDefaultTimeout(15_000)
    const unique = `${Date.now().toString(36)}.${Math.random().toString(36).slice(2, 8)}`
    return new Session(browser, context, `ada.${unique}@example.org`, `a long enough phrase ${unique}`)
  }

  async close(): Promise<void> {
    await this.browser.close()
  }

  /** A tab that records content security violations, requests to other hosts, and uncaught errors. */
  async tab(): Promise<Watched> {
    const page = await this.context.newPage()
    const watched: Watched = { page, violations: [], foreign: [], failures: [] }
    await page.exposeFunction('reportViolation', (text: string) => watched.violations.push(text))
    await page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        const report = (window as unknown as { reportViolation: (text: string) => void }).reportViolation
        report(
          `${event.violatedDirective} ${event.blockedURI} ${event.sample} ${location.pathname} ${event.sourceFile}:${event.lineNumber}:${event.columnNumber}`,
        )
      })
    })
    page.on('request', (request) => {
      if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(BASE))
        watched.foreign.push(request.url())
    })
    page.on('pageerror', (error) => watched.failures.push(error.message))
    return watched
  }

  /** Signs up and ends on the sample function. */
  async signUp(): Promise<Watched> {
    const watched = await this.tab()
    await watched.page.goto('/sign-up')
    await watched.page.getByLabel('E-mail').fill(this.email)
    await watched.page.getByLabel('Password').fill(this.password)
    await watched.page.getByRole('button', { name: 'Create workspace' }).click()
    await watched.page.waitForURL('**/functions/hello')
    await editorText(watched.page)
    return watched
  }

  async signIn(page: Page): Promise<void> {
    await page.getByLabel('E-mail').fill(this.email)
    await page.getByLabel('Password').fill(this.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
}

/** Nothing that must never happen has happened. */
export function expectClean(watched: Watched): void {
  expect(watched.violations, 'violations of the content security policy').toEqual([])
  expect(watched.foreign, 'requests to other hosts').toEqual([])
  expect(watched.failures, 'uncaught errors').toEqual([])
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) })
}

/** All rules of axe-core for WCAG 2.2 AA and its best practices; the answer names what is wrong, and where. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  return page.evaluate(async (source) => {
    const holder = window as unknown as {
      axe?: { run: (options: unknown) => Promise<{ violations: Violation[] }> }
    }
    interface Violation {
      id: string
      help: string
      nodes: { target: string[]; failureSummary: string }[]
    }
    // Evaluated by the test driver, outside the page's content security policy.
    if (!holder.axe) new Function(source)()
    const result = await holder.axe?.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return (result?.violations ?? []).flatMap((violation) =>
      violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary}`),
    )
  }, AXE)
}

export async function editorText(page: Page): Promise<string> {
  const content = page.locator('#code-pane .cm-content')
  await content.waitFor()
  return content.innerText()
}

/** Replaces what is in the editor by typing nothing: the text goes in as a paste does. */
export async function typeCode(page: Page, text: string): Promise<void> {
  await page.locator('#code-pane .cm-content').click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}

export async function setEvent(page: Page, text: string): Promise<void> {
  await page.locator('#event-pane .cm-content').click()
  await page.keyboard.press('Control+A')
  await page.keyboard.insertText(text)
}

/** The heading of the result once a run has ended. */
export async function outcome(page: Page): Promise<string> {
  await page.locator('#result-pane .outcome-head .figure', { hasText: 'HTTP' }).waitFor()
  return page.locator('#result-pane .outcome-head').innerText()
}

/** Runs by keyboard, as people do, and waits for the outcome of this run. */
export async function runWithKeyboard(page: Page): Promise<string> {
  const before = await page
    .locator('#result-pane code')
    .first()
    .innerText({ timeout: 200 })
    .catch(() => '')
  await page.keyboard.press('Control+Enter')
  await page.waitForFunction((last) => {
    const id = document.querySelector('#result-pane .outcome-body p code')?.textContent
    return id && id !== last
  }, before)
  return outcome(page)
}

/** A call as a program makes it: with a key, without a browser. */
export async function callApi(method: string, path: string, key: string, body?: string): Promise<Response> {
  return fetch(`${BASE}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { body }),
  })
}

/** The REST API as the signed-in person, from inside the page. */
export async function api<T>(
  page: Page,
  method: string,
  path: string,
  body?: unknown,
  ifMatch?: number,
): Promise<T> {
  return page.evaluate(
    async ([method, path, body, ifMatch]) => {
      const csrf = document.querySelector<HTMLMetaElement>('meta[name=csrf]')?.content ?? ''
      const answer = await fetch(`/api/v1${path}`, {
        method: method as string,
        headers: {
          'X-CSRF-TOKEN': csrf,
          'Content-Type': 'application/json',
          ...(ifMatch === undefined ? {} : { 'If-Match': `"${ifMatch}"` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      return answer.status === 204 ? undefined : answer.json()
    },
    [method, path, body, ifMatch] as const,
  ) as Promise<T>
}
