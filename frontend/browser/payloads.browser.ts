import { afterAll, beforeAll, expect, test } from 'vitest'
import { api, callApi, editorText, expectClean, Session, type Watched } from './session'

// Markup and scripts in every field that is stored: they are shown as text, never run.
const XSS = `"><img src=x onerror="window.__xss=1"><script>window.__xss=1</script>{{7*7}}[[\${7*7}]]`

let session: Session
let watched: Watched
let requestId = ''

beforeAll(async () => {
  session = await Session.open()
  watched = await session.signUp()
  const { page } = watched
  const code = {
    'index.js': `exports.handler = async (event) => {\n  console.log(${JSON.stringify(XSS)})\n  console.log(JSON.stringify({ level: 'error', message: event.name }))\n  console.log('\\u001b[31m' + event.name + '\\u001b]8;;javascript:window.__xss=1\\u0007link\\u001b]8;;\\u0007')\n  if (event.fail) { const error = new Error(event.name); error.name = event.name; throw error }\n  return { html: event.name }\n}\n// ${XSS}\n`,
    '<img src=x onerror=window.__xss=1>.js': '// a file name\n',
  }
  let { revision } = await api<{ revision: number }>(page, 'GET', '/functions/hello')
  ;({ revision } = await api<{ revision: number }>(
    page,
    'PUT',
    '/functions/hello/code',
    { files: code },
    revision,
  ))
  ;({ revision } = await api<{ revision: number }>(
    page,
    'PATCH',
    '/functions/hello',
    { description: XSS, environment: { EVIL: XSS } },
    revision,
  ))
  await api(page, 'POST', '/functions/hello/versions', { note: XSS })
  await api(page, 'PUT', '/functions/hello/test-events/evil', { event: JSON.stringify({ name: XSS }) })
  const key = await api<{ secret: string }>(page, 'POST', '/keys', { name: XSS.slice(0, 60), scope: 'full' })
  const failed = await callApi(
    'POST',
    '/functions/hello/invocations',
    key.secret,
    JSON.stringify({ name: XSS, fail: true }),
  )
  requestId = failed.headers.get('X-Request-Id') ?? ''
  await callApi('POST', '/functions/hello/invocations', key.secret, JSON.stringify({ name: XSS }))
})

afterAll(async () => {
  await session.close()
})

test('the payloads are stored as they were sent', async () => {
  const stored = await api<{ description: string; environment: Record<string, string> }>(
    watched.page,
    'GET',
    '/functions/hello',
  )
  expect(stored.description).toBe(XSS)
  expect(stored.environment.EVIL).toBe(XSS)
})

test.each([
  ['/functions', '#functions table'],
  ['/functions?q=%22%3E%3Cscript%3Ewindow.__xss%3D2%3C%2Fscript%3E', '#functions .empty'],
  ['/functions/hello', '#code-pane .cm-content'],
  ['/functions/hello/versions', '.versions'],
  ['/functions/hello/versions?from=1&to=draft', '.diff-file'],
  ['/functions/hello/configuration', '.env-row'],
  ['/functions/hello/aliases', '#content .empty'],
  ['/functions/hello/invocations', '#invocations table'],
  [
    '/functions/hello/invocations?q=%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.__xss%3D1%3E',
    '#invocations .empty',
  ],
  ['/functions/hello/metrics', 'canvas'],
  ['/functions/hello/api', '.code-block'],
  ['/invocations', '#invocations table'],
  ['/keys', '#keys table'],
  ['/%3Cscript%3Ewindow.__xss=1%3C/script%3E', '.error-page'],
])('%s shows them as text', async (path, place) => {
  const { page } = watched
  await page.goto(path)
  await page.locator(place).first().waitFor()
  await page.waitForLoadState('networkidle')
  expect(await page.evaluate(() => (window as unknown as { __xss?: number }).__xss)).toBeUndefined()
  expect(await page.locator('main img, main script').count()).toBe(0)
})

test('the page of the failed invocation shows input, error, stack and log as text', async () => {
  const { page } = watched
  await page.goto(`/invocations/${requestId}`)
  await page.locator('.log-line', { hasText: 'onerror' }).first().waitFor()
  await page.locator('.log-line summary').first().click()
  expect(await page.locator('.trace .message').innerText()).toContain('<script>')
  expect(await page.locator('main img, main script, .log a').count()).toBe(0)
})

test('running it in the editor shows result and log as text', async () => {
  const { page } = watched
  await page.goto('/functions/hello')
  await editorText(page)
  await page.locator('#event-pane select').selectOption('evil')
  await page.getByRole('button', { name: 'Run' }).click()
  await page.locator('#result-pane .body-view pre').waitFor()
  expect(await page.locator('#result-pane .body-view pre').innerText()).toContain('<script>')
  expect(await page.locator('main img, main script').count()).toBe(0)
})

test('an address that is not one of ours is not where signing in leads', async () => {
  const stranger = await Session.open()
  try {
    const { page } = await stranger.tab()
    await page.goto('/sign-in?continue=https://example.org/')
    await page.getByLabel('E-mail').fill(session.email)
    await page.getByLabel('Password').fill(session.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL('**/functions')
  } finally {
    await stranger.close()
  }
})

test('no script ran, and the content security policy had nothing to stop', async () => {
  expect(await watched.page.evaluate(() => (window as unknown as { __xss?: number }).__xss)).toBeUndefined()
  expectClean(watched)
})
