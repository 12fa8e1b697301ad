import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  BASE,
  callApi,
  expectClean,
  outcome,
  runWithKeyboard,
  Session,
  screenshot,
  typeCode,
  type Watched,
} from './session'

// The README's first minutes, step by step, in one browser.
let session: Session
let watched: Watched
let key = ''

beforeAll(async () => {
  session = await Session.open()
})

afterAll(async () => {
  await session.close()
})

test('signing up ends in an open, working sample with Run focused', async () => {
  watched = await session.signUp()
  const { page } = watched
  await page.waitForFunction(() => document.activeElement?.id === 'run')
  expect(await page.locator('#code-pane .cm-content').innerText()).toContain('handler')
  await screenshot(page, 'main-job-1-sample')
})

test('Enter runs it, and the first result is there in less than five seconds', async () => {
  const { page } = watched
  const started = performance.now()
  await page.keyboard.press('Enter')
  const head = await outcome(page)
  const seconds = (performance.now() - started) / 1000
  expect(head).toContain('Succeeded')
  expect(await page.locator('#result-pane .body-view pre').innerText()).toBe('"Hello, Alice!"')
  expect(seconds).toBeLessThan(5)
  console.log(`first result after ${seconds.toFixed(2)} s`)
  await screenshot(page, 'main-job-2-result')
})

test('the result names its parts: status, HTTP code, durations, memory, request id', async () => {
  const { page } = watched
  const head = await page.locator('#result-pane .outcome-head').innerText()
  expect(head).toMatch(/HTTP 200/)
  expect(head).toMatch(/MB of \d+ MB/)
  expect(await page.locator('#result-pane .timeline').innerText()).toMatch(/Queue[\s\S]*Cold start[\s\S]*Run/)
  expect(await page.locator('#result-pane .outcome-body p code').innerText()).toMatch(/^[0-9a-f-]{36}$/)
})

test('an edit runs at once with Ctrl-Enter, and nothing stale', async () => {
  const { page } = watched
  await typeCode(
    page,
    "exports.handler = async (event) => {\n  console.log('greeting', event.name)\n  return 'Good evening, ' + event.name + '!'\n}\n",
  )
  await page.locator('.file-tab .dot').waitFor()
  expect(await runWithKeyboard(page)).toContain('Succeeded')
  expect(await page.locator('#result-pane .body-view pre').innerText()).toBe('"Good evening, Alice!"')
  await page.locator('.log-line', { hasText: 'greeting Alice' }).waitFor()
  expect(await page.locator('.file-tab .dot').count()).toBe(0)
  await screenshot(page, 'main-job-3-edited')
})

test('Ctrl-Shift-Enter publishes a version with a note', async () => {
  const { page } = watched
  await page.keyboard.press('Control+Shift+Enter')
  await page.getByLabel('What has changed? (optional)').fill('Evening greeting')
  await page.getByRole('button', { name: 'Save and publish' }).click()
  await page.locator('.toast', { hasText: /Published version \d+/ }).waitFor()
  await page.getByRole('link', { name: 'Versions' }).click()
  await page.getByText('Evening greeting').waitFor()
  await screenshot(page, 'main-job-4-versions')
})

test('a new key is shown once, with a curl that holds the real address', async () => {
  const { page } = watched
  await page.getByRole('link', { name: 'API keys' }).click()
  await page.getByRole('button', { name: 'New key' }).first().click()
  await page.getByLabel('Name').fill('First program')
  await page.getByRole('button', { name: 'Create key' }).click()
  key = await page.locator('#secret').innerText()
  expect(key).toMatch(/^fk_/)
  const curl = await page.locator('.code-block pre').innerText()
  expect(curl).toContain(`${BASE}/api/v1/functions/hello/invocations`)
  expect(curl).toContain(key)
  await screenshot(page, 'main-job-5-key')
  await page.reload()
  await page.getByText('First program').waitFor()
  expect(await page.content()).not.toContain(key)
})

test('a program calls the function with the key', async () => {
  const answer = await callApi('POST', '/functions/hello/invocations', key, '{"name":"Bob"}')
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('"Good evening, Bob!"')
  for (let i = 0; i < 5; i++) await callApi('POST', '/functions/hello/invocations', key, '{"name":"Bob"}')
})

test('the call is in the list of invocations, and its page has input, result and log', async () => {
  const { page } = watched
  await page.goto('/functions/hello/invocations')
  const row = page.locator('tbody tr', { hasText: 'First program' }).first()
  await row.waitFor()
  await screenshot(page, 'main-job-6-invocations')
  await row.getByRole('link').first().click()
  await page.getByRole('region', { name: 'Input' }).waitFor()
  expect(await page.getByRole('region', { name: 'Input' }).innerText()).toContain('Bob')
  expect(await page.getByRole('region', { name: 'Result' }).innerText()).toBe('"Good evening, Bob!"')
  await page.locator('.log-line', { hasText: 'greeting Bob' }).waitFor()
  await page.locator('.log-line', { hasText: 'REPORT RequestId' }).waitFor()
  await screenshot(page, 'main-job-7-invocation')
})

test('the metrics page counts the calls, in charts and in the table', async () => {
  const { page } = watched
  await page.goto('/functions/hello/metrics?last=15m')
  await page.locator('.facts.big dd').first().waitFor()
  await expect
    .poll(async () => Number(await page.locator('.facts.big dd').first().innerText()))
    .toBeGreaterThanOrEqual(8)
  expect(await page.locator('.chart canvas').count()).toBe(5)
  await page.getByText('The same as a table').click()
  expect(await page.locator('table caption').count()).toBe(1)
  const counts = await page.locator('details table tbody td:nth-of-type(1)').allInnerTexts()
  expect(counts.map(Number).reduce((a, b) => a + b, 0)).toBeGreaterThanOrEqual(8)
  await screenshot(page, 'main-job-8-metrics')
})

test('a revoked key is refused within five seconds', async () => {
  const { page } = watched
  await page.goto('/keys')
  await page.getByRole('button', { name: 'Revoke First program' }).click()
  await page.getByRole('button', { name: 'Revoke now' }).click()
  await page.getByText('revoked').first().waitFor()
  await expect
    .poll(async () => (await callApi('POST', '/functions/hello/invocations', key, '{}')).status, {
      timeout: 5000,
    })
    .toBe(401)
})

test('nothing was fetched from elsewhere, nothing broke the content security policy', () => {
  expectClean(watched)
})
