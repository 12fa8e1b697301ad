import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accessibilityProblems,
  api,
  editorText,
  expectClean,
  outcome,
  Session,
  screenshot,
  setEvent,
  type Watched,
} from './session'

// How many run at once, what is kept ready, why a run waits: set in the configuration, seen where it matters.
let session: Session
let watched: Watched
let broken = 0
let good = 0

const SLOW =
  'exports.handler = async (event) => { await new Promise((r) => setTimeout(r, event.millis ?? 0)); return 1 }\n'

beforeAll(async () => {
  session = await Session.open()
  watched = await session.signUp()
  const { page } = watched
  await configure(page, { timeout: 60 })
  await saveCode(page, "throw new Error('no database at hand')\n")
  broken = (await api<{ number: number }>(page, 'POST', '/functions/hello/versions', {})).number
  await saveCode(page, SLOW)
  good = (await api<{ number: number }>(page, 'POST', '/functions/hello/versions', {})).number
})

afterAll(async () => {
  await session.close()
})

async function saveCode(page: Page, text: string): Promise<void> {
  const { revision } = await api<{ revision: number }>(page, 'GET', '/functions/hello')
  await api(page, 'PUT', '/functions/hello/code', { files: { 'index.js': text } }, revision)
}

/** What fades from one colour to the other has arrived. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((one) => Number.isFinite(Number(one.effect?.getComputedTiming().endTime)))
    await Promise.allSettled(ending.map((one) => one.finished))
  })
}

async function configure(page: Page, change: Record<string, unknown>): Promise<void> {
  const { revision } = await api<{ revision: number }>(page, 'GET', '/functions/hello')
  await api(page, 'PATCH', '/functions/hello', change, revision)
}

async function openConfiguration(): Promise<Page> {
  const { page } = watched
  await page.goto('/functions/hello/configuration')
  await page.locator('#maximumConcurrency').waitFor()
  return page
}

/** What lies under the bar that stays in sight is no smaller than it is: looked at from the top of the page. */
async function problemsFromTop(page: Page): Promise<string[]> {
  const before = await page.evaluate(() => scrollY)
  await page.evaluate(() => scrollTo(0, 0))
  const problems = await accessibilityProblems(page)
  await page.evaluate((y) => scrollTo(0, y), before)
  return problems
}

/** In light and in dark and on a phone: as it looks, and no rule of accessibility broken. */
async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await settle(page)
    await screenshot(page, `${name}-${colorScheme}`)
    expect(await problemsFromTop(page), `${name} in ${colorScheme}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 360, height: 740 })
  await screenshot(page, `${name}-phone`)
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1440, height: 900 })
}

test('a maximum beyond the limit of the workspace is refused at its field, with the limit', async () => {
  const page = await openConfiguration()
  await page.locator('#maximumConcurrency').fill('99999')
  await page.getByRole('button', { name: 'Save concurrency' }).click()
  await page.locator('#maximumConcurrency-error', { hasText: /from 0 to \d+/ }).waitFor()
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('maximumConcurrency')
  await look(page, 'concurrency-refused')
})

test('more reserved than the maximum is refused by the service, and shown at its field', async () => {
  const page = await openConfiguration()
  await page.locator('#maximumConcurrency').fill('2')
  await page.locator('#reservedConcurrency').fill('3')
  await page.getByRole('button', { name: 'Save concurrency' }).click()
  await page.locator('#reservedConcurrency-error', { hasText: 'at most maximumConcurrency 2' }).waitFor()
})

test('changes that are not saved are marked, and leaving with them warns', async () => {
  const page = await openConfiguration()
  expect(await page.getByText('Unsaved changes').isVisible()).toBe(false)
  await page.locator('#reservedConcurrency').fill('1')
  await page.getByText('Unsaved changes').waitFor()
  const dialog = page.waitForEvent('dialog')
  const leaving = page.goto('/keys').catch(() => undefined)
  await (await dialog).dismiss()
  await leaving
  await page.locator('#reservedConcurrency').fill('0')
  await page.getByText('Unsaved changes').waitFor({ state: 'hidden' })
})

test('somebody else changed the concurrency: keep mine', async () => {
  const page = await openConfiguration()
  await api(page, 'PUT', '/functions/hello/concurrency', { maximumConcurrency: 4, reservedConcurrency: 1 })
  await page.locator('#maximumConcurrency').fill('3')
  await page.getByRole('button', { name: 'Save concurrency' }).click()
  await page.getByText('a maximum of 4, 1 reserved').waitFor()
  await look(page, 'concurrency-conflict')
  await page.getByRole('button', { name: 'Keep mine' }).click()
  await page.locator('.toast', { hasText: 'in force' }).waitFor()
  const now = await api<{ maximumConcurrency: number }>(page, 'GET', '/functions/hello/concurrency')
  expect(now.maximumConcurrency).toBe(3)
})

test('a paused function says so when it is run, with the way out', async () => {
  const page = await openConfiguration()
  await page.getByRole('button', { name: 'Pause function…' }).click()
  await look(page, 'pause-dialog')
  await page.getByRole('button', { name: 'Pause function', exact: true }).click()
  await page.getByText('every call is refused with 429').waitFor()
  await look(page, 'configuration-paused')

  await page.goto('/functions/hello')
  await editorText(page)
  await page.locator('#paused-chip a', { hasText: 'paused' }).waitFor()
  await page.getByRole('button', { name: 'Run' }).click()
  expect(await outcome(page)).toMatch(/Refused[\s\S]*HTTP 429/)
  await page.locator('#result-pane', { hasText: 'Function hello is paused' }).waitFor()
  await look(page, 'run-paused')

  await page.getByRole('link', { name: 'Resume it in its configuration' }).click()
  await page.getByRole('button', { name: 'Resume function' }).click()
  await page.locator('.toast', { hasText: 'takes calls again' }).waitFor()
  const now = await api<{ maximumConcurrency: number }>(page, 'GET', '/functions/hello/concurrency')
  expect(now.maximumConcurrency).toBe(3)
  expect(await page.locator('#paused-chip a').count()).toBe(0)
})

test('sandboxes that are kept ready become ready before the eyes of the reader', async () => {
  const page = await openConfiguration()
  await page.locator('#qualifier').selectOption(String(good))
  await page.locator('#wanted').fill('1')
  await page.getByRole('button', { name: 'Keep ready' }).click()
  await page.locator(`[data-qualifier="${good}"] .status.good`, { hasText: '1 of 1 ready' }).waitFor()
})

test('a version that does not load is not "preparing" for ever: it says why', async () => {
  const page = await openConfiguration()
  await page.locator('#qualifier').selectOption(String(broken))
  await page.getByRole('button', { name: 'Keep ready' }).click()
  const row = page.locator(`[data-qualifier="${broken}"]`)
  await row.getByText('no database at hand').waitFor()
  expect(await row.innerText()).toContain('Failed: 0 of 1 ready')
  await page.locator('#provisioned').scrollIntoViewIfNeeded()
  await look(page, 'provisioned')
  await row.getByRole('button', { name: 'Keep none ready' }).click()
  await row.waitFor({ state: 'detached' })
})

test('what the installation cannot honour cannot be chosen, and says why', async () => {
  const page = await openConfiguration()
  const installation = await api<{ isolation: { value: string; unavailable: string | null }[] }>(
    page,
    'GET',
    '/installation',
  )
  for (const { value, unavailable } of installation.isolation) {
    const choice = page.locator('label.choice', { has: page.locator(`input[value="${value}"]`) })
    expect(await choice.locator('input').isDisabled()).toBe(unavailable !== null)
    if (unavailable) expect(await choice.innerText()).toContain(unavailable)
  }
})

test('what becomes of a run whose caller leaves is saved with the configuration', async () => {
  const page = await openConfiguration()
  await page.getByRole('radio', { name: /Cancel/ }).check()
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await page.locator('.toast', { hasText: 'Saved' }).waitFor()
  const now = await api<{ onDisconnect: string }>(page, 'GET', '/functions/hello')
  expect(now.onDisconnect).toBe('cancel')
  await page.getByRole('radio', { name: /Finish/ }).check()
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await expect
    .poll(async () => (await api<{ onDisconnect: string }>(page, 'GET', '/functions/hello')).onDisconnect)
    .toBe('finish')
})

/** The only place is taken by a call that ends with the tab that made it. */
async function taken(): Promise<Watched> {
  const tab = await session.tab()
  await tab.page.goto('/functions/hello/configuration')
  await expect.poll(() => running(tab.page)).toBe(0)
  call(tab.page, 55_000)
  await expect.poll(() => running(tab.page)).toBe(1)
  return tab
}

function call(page: Page, millis: number): void {
  api(page, 'POST', '/functions/hello/invocations', { millis }).catch(() => null)
}

async function running(page: Page): Promise<number> {
  return (await api<{ running: number }>(page, 'GET', '/usage')).running
}

test('a run that waits says for what and at which position', async () => {
  const { page } = watched
  await api(page, 'PUT', '/functions/hello/concurrency', { maximumConcurrency: 1 })
  await configure(page, { onDisconnect: 'cancel' })
  await page.goto('/functions/hello')
  await editorText(page)
  await setEvent(page, '{"millis": 1}')
  const other = await taken()

  await page.getByRole('button', { name: 'Run' }).click()
  await page.locator('#result-pane', { hasText: /Function limit 1 of 1 running, position 1\./ }).waitFor()
  await screenshot(page, 'run-waiting-light')
  await other.page.close()
  expect(await outcome(page)).toContain('Succeeded')
  expectClean(other)
}, 120_000)

test('so do the list of invocations and its own page', async () => {
  const other = await taken()
  call(other.page, 1)
  const list = await session.tab()
  await list.page.goto('/functions/hello/invocations')
  await list.page.locator('tr.live', { hasText: 'Function limit 1 of 1 running, position 1.' }).waitFor()
  await list.page.getByRole('row', { name: /^Running, invocation/ }).waitFor()
  await list.page
    .getByRole('row', { name: /^Waiting, invocation/ })
    .getByRole('link')
    .click()
  await list.page.getByText('Function limit 1 of 1 running, position 1.').waitFor()
  await look(list.page, 'invocation-waiting')
  await other.page.close()

  const again = await taken()
  call(again.page, 1)
  await list.page.goto('/functions/hello/invocations')
  await list.page.getByRole('row', { name: /^Waiting, invocation/ }).waitFor()
  await look(list.page, 'invocations-under-way')
  await again.page.close()
  expectClean(list)
}, 120_000)

test('nothing was fetched from elsewhere, nothing broke the content security policy', () => {
  expectClean(watched)
})
