import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  api,
  editorText,
  expectClean,
  outcome,
  runWithKeyboard,
  Session,
  screenshot,
  setEvent,
  typeCode,
  type Watched,
} from './session'

// What people expect of the console, one behaviour each. The numbers of the main job's behaviours are in main-job.browser.ts.
let session: Session
let watched: Watched

const GREETING = "exports.handler = async (event) => 'Hello, ' + event.name + '!'\n"

beforeAll(async () => {
  session = await Session.open()
  watched = await session.signUp()
})

afterAll(async () => {
  await session.close()
})

async function saveThroughApi(files: Record<string, string>): Promise<void> {
  const { revision } = await api<{ revision: number }>(watched.page, 'GET', '/functions/hello')
  await api(watched.page, 'PUT', '/functions/hello/code', { files }, revision)
}

/** Begins with this code, saved, and nothing kept in the browser. */
async function startFrom(files: Record<string, string>): Promise<void> {
  const { page } = watched
  const accept = (dialog: { accept: () => Promise<void> }): Promise<void> => dialog.accept()
  page.on('dialog', accept)
  await page.goto('/account')
  page.off('dialog', accept)
  await page.evaluate(() => localStorage.clear())
  await saveThroughApi(files)
}

async function openCode(): Promise<void> {
  await watched.page.goto('/functions/hello')
  await editorText(watched.page)
}

test('Ctrl-S saves the draft on the server', async () => {
  const { page } = watched
  await typeCode(page, GREETING)
  await page.keyboard.press('Control+S')
  await page.getByRole('button', { name: 'nothing to save' }).waitFor()
  await expect
    .poll(async () =>
      (await api<{ files: { content: string }[] }>(page, 'GET', '/functions/hello/code')).files.map(
        (f) => f.content,
      ),
    )
    .toContain(GREETING)
})

test('? opens the sheet of shortcuts, but not while typing', async () => {
  const { page } = watched
  await page.locator('#code-pane .cm-content').click()
  await page.keyboard.press('Control+End')
  await page.keyboard.type('// ?')
  expect(await page.locator('dialog[open]').count()).toBe(0)
  await page.locator('h1').click()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await page.keyboard.press('Escape')
})

test('leaving with unsaved edits warns', async () => {
  const { page } = watched
  await typeCode(page, `${GREETING}// not saved\n`)
  const dialog = page.waitForEvent('dialog')
  const leaving = page.goto('/keys').catch(() => undefined)
  const asked = await dialog
  expect(asked.type()).toBe('beforeunload')
  await asked.dismiss()
  await leaving
  expect(await editorText(page)).toContain('// not saved')
})

test('unsaved edits are back after a crash of the tab', async () => {
  const { page } = watched
  await typeCode(page, `${GREETING}// survives a crash\n`)
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('survives a crash')
  await page.close({ runBeforeUnload: false })
  watched = {
    ...(await session.tab()),
    violations: watched.violations,
    foreign: watched.foreign,
    failures: watched.failures,
  }
  await openCode()
  expect(await editorText(watched.page)).toContain('// survives a crash')
  await watched.page.getByText('that were not saved are back').waitFor()
})

test('unsaved edits are back after signing out and in, and the deep link survives', async () => {
  const { page } = watched
  await page.context().clearCookies()
  await page.locator('#code-pane .cm-content').click()
  await page.keyboard.press('Control+S')
  const link = page.getByRole('link', { name: 'Sign in again' })
  await link.waitFor()
  page.once('dialog', (dialog) => dialog.accept())
  await link.click()
  await session.signIn(page)
  await page.waitForURL('**/functions/hello')
  expect(await editorText(page)).toContain('// survives a crash')
})

test('edits can be discarded', async () => {
  const { page } = watched
  await page.getByRole('button', { name: 'Discard them' }).click()
  await expect.poll(() => editorText(page)).not.toContain('survives')
})

test('somebody else saved: compare, then keep mine', async () => {
  const { page } = watched
  await typeCode(page, `${GREETING}// mine\n`)
  await saveThroughApi({ 'index.js': `${GREETING}// theirs\n` })
  await page.keyboard.press('Control+S')
  const dialog = page.getByRole('dialog', { name: 'Someone saved this function in between' })
  await dialog.getByText(session.email).waitFor()
  await dialog.getByRole('button', { name: 'Compare' }).click()
  await dialog.locator('.cm-changedLine').first().waitFor()
  await screenshot(page, 'conflict')
  await dialog.getByRole('button', { name: 'Keep mine' }).click()
  await page.getByRole('button', { name: 'nothing to save' }).waitFor()
  const { files } = await api<{ files: { content: string }[] }>(page, 'GET', '/functions/hello/code')
  expect(files[0]?.content).toContain('// mine')
})

test('somebody else saved: take theirs', async () => {
  const { page } = watched
  await typeCode(page, `${GREETING}// mine again\n`)
  await saveThroughApi({ 'index.js': `${GREETING}// theirs again\n` })
  await page.keyboard.press('Control+S')
  await page.getByRole('button', { name: 'Take theirs' }).click()
  await expect.poll(() => editorText(page)).toContain('// theirs again')
})

test('several files: add one, use it, rename it, delete it, undo', async () => {
  const { page } = watched
  await page.getByRole('button', { name: 'Add a file' }).click()
  await page.getByLabel('Path').fill('../escape.js')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByText('without empty parts').waitFor()
  await page.getByLabel('Path').fill('lib/names.js')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await typeCode(page, "exports.shout = (name) => name.toUpperCase() + '!'\n")
  await page.getByRole('tab', { name: 'index.js' }).click()
  await typeCode(
    page,
    "const { shout } = require('./lib/names')\nexports.handler = async (event) => shout(event.name)\n",
  )
  expect(await runWithKeyboard(page)).toContain('Succeeded')
  expect(await page.locator('#result-pane .body-view pre').innerText()).toBe('"ALICE!"')
  await page.getByRole('tab', { name: 'lib/names.js' }).click()
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByLabel('Path').fill('lib/loud.js')
  await page.locator('dialog').getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('tab', { name: 'lib/loud.js' }).waitFor()
  await page.locator('#code-pane').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByRole('tab', { name: 'lib/loud.js' }).waitFor()
})

test('an error leads to its line, and the mark stays until the next save', async () => {
  const { page } = watched
  await startFrom({
    'index.js':
      'exports.handler = async (event) => {\n  const person = event.person\n  return person.name\n}\n',
  })
  await openCode()
  await page.locator('#code-pane .cm-content').click()
  expect(await runWithKeyboard(page)).toContain('Failed')
  await page.locator('.cm-error-line').waitFor()
  expect(await page.locator('.cm-error-line').innerText()).toContain('person.name')
  await page.locator('#result-pane button.frame').first().click()
  expect(await page.evaluate(() => document.activeElement?.classList.contains('cm-content'))).toBe(true)
  await screenshot(page, 'error')
  await page.keyboard.press('Control+End')
  await page.keyboard.type('// fixed')
  expect(await page.locator('.cm-error-line').count()).toBe(1)
  await page.keyboard.press('Control+S')
  await page.locator('.cm-error-line').waitFor({ state: 'detached' })
})

test('a test event that is not JSON is refused with its line, and nothing runs', async () => {
  const { page } = watched
  await setEvent(page, '{\n  "name": \n}')
  await page.locator('.event-problem', { hasText: 'line 3' }).waitFor()
  const before = await page.locator('#result-pane code').first().innerText()
  await page.keyboard.press('Control+Enter')
  expect(await page.locator('#result-pane code').first().innerText()).toBe(before)
  await setEvent(page, '{"name": "Alice"}')
  await page.locator('.event-problem').waitFor({ state: 'hidden' })
})

test('log lines come while it runs, with levels, colours and foldable JSON', async () => {
  const { page } = watched
  await typeCode(
    page,
    [
      'exports.handler = async () => {',
      "  console.log('first line')",
      '  await new Promise((resolve) => setTimeout(resolve, 1500))',
      "  console.log(JSON.stringify({ level: 'error', message: 'a JSON line' }))",
      "  console.log('\\u001b[32mgreen\\u001b[0m')",
      "  console.log('WARN look out')",
      "  return 'done'",
      '}',
    ].join('\n'),
  )
  await page.keyboard.press('Control+Enter')
  await page.locator('.log-line', { hasText: 'first line' }).waitFor()
  expect(await page.locator('#result-pane .status').innerText()).toMatch(/Running|Starting/)
  expect(await outcome(page)).toContain('Succeeded')
  await page.locator('.log-line.error summary').click()
  expect(await page.locator('.log-line.error pre').innerText()).toContain('"message": "a JSON line"')
  expect(await page.locator('.log-line .ansi-2').innerText()).toBe('green')
  await page.locator('.log-line.warn', { hasText: 'look out' }).waitFor()
  await page.locator('#result-pane').getByRole('button', { name: 'Copy all of the log' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('first line')
  await page.locator('#result-pane').getByRole('button', { name: 'Wrap' }).click()
  await page.getByRole('button', { name: 'No wrap' }).waitFor()
})

test('the end of a growing log stays in sight until the reader scrolls up', async () => {
  const { page } = watched
  await typeCode(
    page,
    [
      'exports.handler = async () => {',
      '  for (let round = 1; round <= 40; round++) {',
      "    for (let i = 0; i < 10; i++) console.log('round', round, 'wraps '.repeat(60))",
      '    await new Promise((resolve) => setTimeout(resolve, 60))',
      '  }',
      '}',
    ].join('\n'),
  )
  const log = page.locator('#result-pane .log')
  const below = () => log.evaluate((pane) => pane.scrollHeight - pane.scrollTop - pane.clientHeight)
  const missed = page.locator('#result-pane').getByRole('button', { name: /new lines?$/ })
  if (await page.getByRole('button', { name: 'No wrap' }).isVisible())
    await page.getByRole('button', { name: 'No wrap' }).click()
  await page.keyboard.press('Control+Enter')
  await page.locator('.log-line', { hasText: 'round 10 ' }).first().waitFor()
  await expect.poll(below).toBeLessThan(2)
  expect(await missed.count()).toBe(0)
  expect(await outcome(page)).toContain('Succeeded')
  await page.locator('.log-line', { hasText: 'REPORT RequestId' }).waitFor()
  await expect.poll(below).toBeLessThan(2)
  await page.setViewportSize({ width: 360, height: 740 })
  await expect.poll(below).toBeLessThan(2)
  await page.setViewportSize({ width: 1440, height: 900 })
  await expect.poll(below).toBeLessThan(2)

  await page.keyboard.press('Control+Enter')
  await page.locator('.log-line', { hasText: 'round 10 ' }).first().waitFor()
  await log.hover()
  await page.mouse.wheel(0, -400)
  await missed.waitFor()
  expect(await outcome(page)).toContain('Succeeded')
  expect(await below()).toBeGreaterThan(300)
  await missed.click()
  await expect.poll(below).toBeLessThan(2)
})

test('Escape and then Tab leaves the editor; Tab alone indents', async () => {
  const { page } = watched
  await page.locator('#code-pane .cm-content').click()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.classList.contains('cm-content'))).toBe(true)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.closest('#code-pane .cm-content'))).toBeNull()
  expect(await page.locator('#code-pane .cm-content').getAttribute('aria-label')).toContain(
    'Escape and then Tab',
  )
})

test('versions: the difference includes configuration and environment, and restoring takes two clicks and can be undone', async () => {
  const { page } = watched
  await startFrom({ 'index.js': GREETING })
  const first = await api<{ number: number }>(page, 'POST', '/functions/hello/versions', {
    note: 'Plain greeting',
  })
  const { revision } = await api<{ revision: number }>(page, 'GET', '/functions/hello')
  await api(page, 'PATCH', '/functions/hello', { memory: 256, environment: { TONE: 'loud' } }, revision)
  await saveThroughApi({ 'index.js': GREETING.replace('Hello', 'HELLO') })
  const second = await api<{ number: number }>(page, 'POST', '/functions/hello/versions', {
    note: 'Loud greeting',
  })
  await page.goto(`/functions/hello/versions?from=${first.number}&to=${second.number}`)
  const comparison = page.getByRole('region', { name: 'Comparison' })
  await comparison.getByText('environment: TONE').waitFor()
  await comparison.getByText('256 MB').waitFor()
  await comparison.locator('.cm-changedLine').first().waitFor()
  await page.getByRole('button', { name: 'Inline' }).click()
  await comparison.locator('.cm-deletedChunk').first().waitFor()
  expect(new URL(page.url()).searchParams.get('view')).toBe('inline')

  await page.locator(`#version-${first.number}`).getByRole('button', { name: 'Restore' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('environment: TONE').waitFor()
  const started = performance.now()
  await dialog.getByRole('button', { name: `Restore version ${first.number}` }).click()
  await page.getByText(`Restored from version ${first.number}`).waitFor()
  expect(performance.now() - started).toBeLessThan(2000)
  const restored = await api<{ memory: number; environment: Record<string, string> }>(
    page,
    'GET',
    '/functions/hello',
  )
  expect(restored.memory).toBe(128)
  expect(restored.environment.TONE).toBeUndefined()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: `Restore version ${second.number}` })
    .click()
  await page.getByText(`Restored from version ${second.number}`).waitFor()
  expect((await api<{ memory: number }>(page, 'GET', '/functions/hello')).memory).toBe(256)
})

test('configuration: limits stand beside the fields, what is outside is refused, an .env file can be pasted', async () => {
  const { page } = watched
  await page.goto('/functions/hello/configuration')
  await page.getByText('128 to 10240 MB').waitFor()
  await page.getByLabel('Memory').fill('64')
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await page
    .locator('#memory-error', { hasText: '64 is not allowed. Give a whole number from 128 to' })
    .waitFor()
  await page.getByLabel('Memory').fill('192')
  await page.getByRole('button', { name: 'Add variable' }).click()
  await page.evaluate(() =>
    navigator.clipboard.writeText('# comment\nexport STAGE=test\nQUOTED="two words"\n'),
  )
  await page.keyboard.press('Control+V')
  await page.getByLabel('Value of QUOTED').waitFor()
  expect(await page.getByLabel('Value of STAGE').inputValue()).toBe('test')
  await page.getByRole('button', { name: 'Save configuration' }).click()
  await page.getByText('Saved. The next invocation').waitFor()
  const stored = await api<{ memory: number; environment: Record<string, string> }>(
    page,
    'GET',
    '/functions/hello',
  )
  expect(stored.memory).toBe(192)
  expect(stored.environment).toMatchObject({ STAGE: 'test', QUOTED: 'two words' })
})

test('aliases: a split by number and by slider, moved and deleted', async () => {
  const { page } = watched
  await page.goto('/functions/hello/aliases')
  await page.getByRole('button', { name: 'New alias' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('live')
  await dialog.getByLabel('Version', { exact: true }).selectOption('2')
  await dialog.getByLabel('Second version for a share').selectOption('1')
  await dialog.getByLabel('Share of the second version', { exact: true }).fill('25')
  expect(await dialog.getByLabel('Share of the second version, slider').inputValue()).toBe('25')
  await dialog.getByRole('button', { name: 'Create' }).click()
  await page.getByText('version 2 for 75 %, version 1 for 25 %').first().waitFor()
  await page.getByRole('button', { name: 'Move live' }).click()
  await page.getByRole('dialog').getByLabel('Second version for a share').selectOption('')
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
  await page.locator('td', { hasText: /^version 2$/ }).waitFor()
  await page.getByRole('button', { name: 'Delete live' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No aliases yet').waitFor()
})

test('invocations: filters stand in the URL, and an input can be run again', async () => {
  const { page } = watched
  await page.goto('/functions/hello/invocations')
  await page.getByLabel('Outcome').selectOption('failed')
  await page.waitForURL('**?status=failed')
  await expect.poll(() => page.locator('tbody .status').allInnerTexts()).toEqual(['Failed'])
  await page.reload()
  await expect.poll(() => page.locator('tbody .status').allInnerTexts()).toEqual(['Failed'])
  await page.locator('tbody a').first().click()
  await page.getByText('Cannot read properties of undefined').first().waitFor()
  await page.getByRole('link', { name: 'Use this input again' }).click()
  await page.waitForURL('**/functions/hello')
  await page.waitForFunction(() => document.activeElement?.id === 'run')
})

test('the icon of the page is there', async () => {
  const { page } = watched
  const icon = await page.locator('link[rel=icon]').getAttribute('href')
  const answer = await page.request.get(new URL(icon ?? '', page.url()).toString())
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/svg+xml'])
})

test('metrics: range, comparison and zone stand in the URL; refreshing can be paused', async () => {
  const { page } = watched
  await page.goto('/functions/hello/metrics')
  await page.locator('canvas').first().waitFor()
  const height = await page.locator('#content').evaluate((element) => element.clientHeight)
  await page.getByRole('button', { name: '24 hours' }).click()
  await page.getByLabel('Compare with the period before').check()
  await page.getByRole('checkbox', { name: 'UTC' }).check()
  const search = new URL(page.url()).searchParams
  expect([search.get('last'), search.get('compare'), search.get('utc')]).toEqual(['24h', '1', '1'])
  await page.getByText('before:').first().waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('paused').waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText(/updated \d+ s ago/).waitFor()
  await page.reload()
  await page.locator('canvas').first().waitFor()
  expect(await page.getByRole('checkbox', { name: 'UTC' }).isChecked()).toBe(true)
  expect(height).toBeGreaterThan(400)
})

test('metrics: dragging zooms, and the same can be typed', async () => {
  const { page } = watched
  await page.goto('/functions/hello/metrics?last=1h')
  const plot = page.locator('.u-over').first()
  await plot.waitFor()
  const box = await plot.boundingBox()
  if (!box) throw new Error('the chart has no box')
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.9, box.y + 40, { steps: 5 })
  await page.mouse.up()
  await page.waitForURL(/from=.*to=|to=.*from=/)
  await page.locator('summary', { hasText: '–' }).click()
  await page.getByLabel('From', { exact: true }).fill('2026-01-02T03:04')
  await page.getByLabel('To', { exact: true }).fill('2026-01-02T04:04')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  await page.getByText('Nothing ran in this range').first().waitFor()
})

test('the command palette finds functions, pages and actions by keyboard alone', async () => {
  const { page } = watched
  await page.goto('/functions')
  await page.locator('#functions table').waitFor()
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox', { name: 'Go to' }).fill('hel')
  await page
    .getByRole('option', { name: /^hello/ })
    .first()
    .waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL('**/functions/hello')
  await editorText(page)
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox', { name: 'Go to' }).fill('metrics')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/functions/hello/metrics')
})

test('the API call of a page comes in four languages, with a key made on the spot', async () => {
  const { page } = watched
  await page.goto('/functions/hello/api')
  await page.getByRole('button', { name: 'New key for this call' }).click()
  await expect.poll(() => page.locator('.code-block pre').first().innerText()).toMatch(/Bearer fk_/)
  for (const [language, word] of [
    ['JavaScript', 'await fetch'],
    ['Python', 'urllib.request'],
    ['Java', 'HttpClient'],
    ['curl', 'curl -X POST'],
  ] as const) {
    await page.getByRole('button', { name: language, exact: true }).click()
    expect(await page.locator('.code-block pre').first().innerText()).toContain(word)
  }
  const copy = page.getByRole('button', { name: /Copy curl sample/ })
  await copy.click()
  await page.getByText('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(
    '/api/v1/functions/hello/invocations',
  )
})

test('the theme is chosen once, kept, and never flashes', async () => {
  const { page } = watched
  await page.goto('/account')
  await page.getByLabel('Dark').check()
  await page.goto('/functions')
  expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
  const source = await (await page.request.get('/functions')).text()
  expect(source).toContain('data-theme="dark"')
  await page.goto('/account')
  await page.getByLabel('System').check()
})

test('a new function starts from sample code; a bad or taken name is refused with the rule', async () => {
  const { page } = watched
  await page.goto('/new-function')
  await page.locator('#runtimes input').first().waitFor()
  await page.getByLabel('Name', { exact: true }).fill('no spaces allowed')
  await page.getByRole('button', { name: 'Create with sample code' }).click()
  await page.getByText('1 to 64 letters, digits, - and _; this is').waitFor()
  await page.getByLabel('Name', { exact: true }).fill('hello')
  await page.getByRole('button', { name: 'Create with sample code' }).click()
  await expect.poll(() => page.locator('#name-error').innerText()).toContain('hello')
  await page.getByLabel('Name', { exact: true }).fill('in-python')
  await page.getByLabel('Python 3.11').check()
  await page.getByRole('button', { name: 'Create with sample code' }).click()
  await page.waitForURL('**/functions/in-python')
  expect(await editorText(page)).toContain('def handler')
  await page.getByRole('button', { name: 'Run' }).click()
  expect(await outcome(page)).toContain('Succeeded')
})

test('deleting asks for the name, and can be taken back', async () => {
  const { page } = watched
  await page.goto('/functions/in-python/configuration')
  await page.getByRole('button', { name: 'Delete function…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Type the name of the function').fill('something else')
  await dialog.getByRole('button', { name: 'Delete function' }).click()
  await dialog.getByText('Type in-python exactly').waitFor()
  await dialog.getByLabel('Type the name of the function').fill('in-python')
  await dialog.getByRole('button', { name: 'Delete function' }).click()
  await page.waitForURL('**/functions')
  await page.getByText('Recently deleted (1)').click()
  await page.getByRole('button', { name: 'Undelete in-python' }).click()
  await page.getByRole('link', { name: 'in-python' }).waitFor()
})

test('what does not exist has a page that says so, with a request id', async () => {
  const { page } = watched
  for (const path of [
    '/functions/nobody',
    '/invocations/00000000-0000-0000-0000-000000000000',
    '/nowhere',
    '/invocations/x',
  ]) {
    const answer = await page.goto(path)
    expect(answer?.status(), path).toBe(404)
    await page.getByText('Nothing on this frequency').waitFor()
    expect(await page.locator('.error-page code').innerText()).toMatch(/^[0-9a-f-]{36}$/)
  }
})

test('an empty search says what to do', async () => {
  const { page } = watched
  await page.goto('/functions')
  await page.getByPlaceholder('Search by name or description').fill('zzz')
  await page.getByText('Nothing found').waitFor()
  await page.waitForURL('**?q=zzz')
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await page.getByRole('link', { name: 'hello', exact: true }).waitFor()
})

test('the main job works with the keyboard alone', async () => {
  const { page } = watched
  await startFrom({ 'index.js': GREETING })
  await openCode()
  await page.keyboard.press('Tab')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content')
  for (let i = 0; i < 40; i++) {
    if (await page.evaluate(() => document.activeElement?.id === 'run')) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
  expect(await outcome(page)).toContain('Succeeded')
})

test('signing out ends the session', async () => {
  const { page } = watched
  page.once('dialog', (dialog) => dialog.accept())
  await page.getByLabel('Your account').click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('You are signed out.').waitFor()
  await page.goto('/keys')
  await page.waitForURL('**/sign-in?continue=**')
})

test('nothing was fetched from elsewhere, nothing broke the content security policy', () => {
  expectClean(watched)
})
