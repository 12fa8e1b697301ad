import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  accessibilityProblems,
  api,
  editorText,
  expectClean,
  outcome,
  Session,
  screenshot,
  type Watched,
} from './session'

// Every page, in light and dark and on a narrow phone: no rule of axe-core broken, no sideways scrolling.
let session: Session
let watched: Watched
let requestId = ''

const settled: Record<string, (page: Page) => Promise<unknown>> = {
  '/functions': (page) => page.locator('#functions table').waitFor(),
  '/new-function': (page) => page.locator('#runtimes input').first().waitFor(),
  '/functions/hello': (page) => editorText(page),
  '/functions/hello/versions': (page) => page.locator('.versions').waitFor(),
  '/functions/hello/versions?from=1&to=draft': (page) => page.locator('.cm-changedLine').first().waitFor(),
  '/functions/hello/versions?from=1&to=draft&view=inline': (page) =>
    page.locator('.cm-changedLine').first().waitFor(),
  '/functions/hello/configuration': (page) => page.locator('#provisioned form').waitFor(),
  '/functions/hello/aliases': (page) => page.locator('table').waitFor(),
  '/functions/hello/invocations': (page) => page.locator('#invocations table').waitFor(),
  '/functions/hello/metrics': (page) => page.locator('canvas').first().waitFor(),
  '/functions/hello/api': (page) => page.locator('.code-block').waitFor(),
  '/invocations': (page) => page.locator('#invocations table').waitFor(),
  '/keys': (page) => page.locator('#keys table').waitFor(),
  '/account': (page) => page.locator('#themes').waitFor(),
  '/error': (page) => page.getByText('Nothing on this frequency').waitFor(),
  '/no-such-page': (page) => page.getByText('Nothing on this frequency').waitFor(),
}

beforeAll(async () => {
  session = await Session.open()
  watched = await session.signUp()
  const { page } = watched
  await page.keyboard.press('Enter')
  await outcome(page)
  requestId = await page.locator('#result-pane .outcome-body p code').innerText()
  await api(page, 'POST', '/functions/hello/versions', { note: 'First' }).catch(() => undefined)
  const { revision } = await api<{ revision: number }>(page, 'GET', '/functions/hello')
  await api(
    page,
    'PUT',
    '/functions/hello/code',
    { files: { 'index.js': 'exports.handler = async () => 1\n', 'lib/a.js': '' } },
    revision,
  )
  await api(page, 'POST', '/functions/hello/aliases', { name: 'live', version: 1 })
  await api(page, 'POST', '/keys', { name: 'A key', scope: 'invoke' })
})

afterAll(async () => {
  await session.close()
})

for (const theme of ['light', 'dark'] as const) {
  describe(`in ${theme}`, () => {
    test.each(Object.keys(settled))('%s breaks no rule of accessibility', async (path) => {
      const { page } = watched
      await page.emulateMedia({ colorScheme: theme })
      await open(page, path)
      await screenshot(page, `page${path.replace(/[^a-z0-9]+/g, '-')}-${theme}`)
      expect(await accessibilityProblems(page)).toEqual([])
    })

    test('the page of an invocation breaks no rule of accessibility', async () => {
      const { page } = watched
      await page.emulateMedia({ colorScheme: theme })
      await page.goto(`/invocations/${requestId}`)
      await page.locator('.log-line').first().waitFor()
      await screenshot(page, `page-invocation-${theme}`)
      expect(await accessibilityProblems(page)).toEqual([])
    })

    test('dialogs and the command palette break no rule of accessibility', async () => {
      const { page } = watched
      await page.emulateMedia({ colorScheme: theme })
      await open(page, '/functions/hello')
      for (const name of [
        'Show API call',
        'Keyboard shortcuts and help',
        'Publish',
        'Go to… a function, page or action',
      ]) {
        await page.getByRole('button', { name, exact: true }).click()
        await page.locator('dialog[open]').waitFor()
        await screenshot(page, `dialog-${name.toLowerCase().replace(/[^a-z]+/g, '-')}-${theme}`)
        expect(await accessibilityProblems(page), name).toEqual([])
        await page.keyboard.press('Escape')
        await page.locator('dialog[open]').waitFor({ state: 'detached' })
      }
    })

    test.each(['/sign-in', '/sign-up'])('%s breaks no rule of accessibility', async (path) => {
      const stranger = await Session.open({ colorScheme: theme })
      try {
        const { page } = await stranger.tab()
        await page.goto(path)
        await screenshot(page, `page${path.replaceAll('/', '-')}-${theme}`)
        expect(await accessibilityProblems(page)).toEqual([])
      } finally {
        await stranger.close()
      }
    })
  })
}

test.each(Object.keys(settled))('%s fits on a phone of 360 pixels', async (path) => {
  const { page } = watched
  await page.setViewportSize({ width: 360, height: 740 })
  await open(page, path)
  await screenshot(page, `phone${path.replace(/[^a-z0-9]+/g, '-')}`)
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(beyond).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('the log of a run is drawn as a whole, also below the window', async () => {
  const { page } = watched
  await page.setViewportSize({ width: 360, height: 740 })
  await open(page, '/functions/hello')
  await page.keyboard.press('Control+Enter')
  await outcome(page)
  await page.locator('.log-line', { hasText: 'REPORT RequestId' }).waitFor()
  await page.evaluate(() => scrollTo(0, 0))
  await page.screenshot({ fullPage: true })
  expect(await page.locator('#result-pane .log').innerText()).toContain('REPORT RequestId')
  await page.setViewportSize({ width: 1440, height: 900 })
})

test.each([1280, 1440])('the tabs of a function stay in their place, %i pixels wide', async (width) => {
  const { page } = watched
  await page.setViewportSize({ width, height: 900 })
  const places = new Set<string>()
  for (const path of Object.keys(settled).filter((path) => path.startsWith('/functions/hello'))) {
    await open(page, path)
    await page.locator('#function-actions > *').first().waitFor()
    const { x, y } = (await page.locator('.tabs a').first().boundingBox()) ?? { x: -1, y: -1 }
    places.add(`${x}, ${y + (await page.evaluate(() => scrollY))}`)
  }
  expect([...places]).toHaveLength(1)
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('targets are at least 24 pixels, on every page', async () => {
  const { page } = watched
  for (const path of Object.keys(settled)) {
    await open(page, path)
    const small = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, select, summary, input, nav a, .button, a.name')]
        .filter(
          (element) =>
            element.checkVisibility({ visibilityProperty: true }) && !element.closest('.cm-editor'),
        )
        .map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.height < 23.5 || box.width < 23.5))
        .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}×${box.height}`),
    )
    expect(small, path).toEqual([])
  }
})

test('nothing was fetched from elsewhere, nothing broke the content security policy', () => {
  expectClean(watched)
})

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await settled[path]?.(page)
}
