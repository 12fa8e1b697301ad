import { describe, expect, test } from 'vitest'
import { LENGTHS, previous, rangeOf, stepSeconds } from '../src/lib/range'
import { LANGUAGES, sample } from '../src/lib/samples'
import { EventCutter } from '../src/lib/sse'
import { culprit, frames } from '../src/lib/trace'

describe('stack traces', () => {
  const files = ['index.js', 'lib/format.js', 'app.py']

  test('frames of Node.js lead to the own files only', () => {
    const found = frames(
      [
        'TypeError: x',
        '    at shout (/task/lib/format.js:3:17)',
        '    at exports.handler (file:///task/index.js:8:10)',
        '    at /task/node_modules/left/index.js:1:1',
        '    at node:internal/process/task_queues:95:5',
      ],
      files,
    )
    expect(found.map(({ file, line }) => (file ? `${file}:${line}` : ''))).toEqual([
      '',
      'lib/format.js:3',
      'index.js:8',
      '',
      '',
    ])
    expect(culprit(found)).toMatchObject({ file: 'lib/format.js', line: 3 })
  })

  test('of Python the last own frame is the culprit', () => {
    const found = frames(
      [
        'Traceback (most recent call last):\n',
        '  File "/task/app.py", line 2, in handler\n    go()\n',
        '  File "/task/app.py", line 7, in go\n    1 / 0\n',
      ],
      files,
    )
    expect(culprit(found)).toMatchObject({ file: 'app.py', line: 7 })
  })

  test('a syntax error points to its line', () => {
    expect(culprit(frames(['/task/index.js:2', 'const = 1'], files))).toMatchObject({
      file: 'index.js',
      line: 2,
    })
  })

  test('files of others are not the own ones, even with the same name', () => {
    expect(culprit(frames(['    at f (/opt/lib/index.js:1:1)'], files))).toBeUndefined()
  })
})

describe('server-sent events', () => {
  const stream = 'event:log\ndata:"a\\n"\n\n: still there\n\nevent: end\ndata: {"x":\ndata: 1}\n\n'

  test('come out the same wherever the stream is cut', () => {
    const whole = new EventCutter().push(stream)
    expect(whole).toEqual([
      { event: 'log', data: '"a\\n"' },
      { event: 'end', data: '{"x":\n1}' },
    ])
    for (let at = 0; at <= stream.length; at++) {
      const cutter = new EventCutter()
      expect([...cutter.push(stream.slice(0, at)), ...cutter.push(stream.slice(at))], `cut at ${at}`).toEqual(
        whole,
      )
    }
  })

  test('an event that has not ended is not there yet', () => {
    expect(new EventCutter().push('event: log\ndata: 1\n')).toEqual([])
  })
})

describe('ranges', () => {
  const now = Date.parse('2026-11-21T10:00:00Z')

  test('without a word in the URL it is the last hour', () => {
    expect(rangeOf(new URLSearchParams(), now)).toEqual({ last: '1h', from: now - 3_600_000, to: now })
    expect(rangeOf(new URLSearchParams('last=century'), now).last).toBe('1h')
  })

  test('two ends beat a length, unless they are the wrong way round', () => {
    const ends = 'from=2026-11-20T00:00:00Z&to=2026-11-20T01:00:00Z&last=7d'
    expect(rangeOf(new URLSearchParams(ends), now).last).toBeNull()
    expect(rangeOf(new URLSearchParams('from=2026-11-20T01:00:00Z&to=2026-11-20T00:00:00Z'), now).last).toBe(
      '1h',
    )
  })

  test.each(Object.keys(LENGTHS))('a chart of %s has between 15 and 250 points', (last) => {
    const range = rangeOf(new URLSearchParams({ last }), now)
    const points = (range.to - range.from) / 1000 / stepSeconds(range)
    expect(points).toBeGreaterThanOrEqual(15)
    expect(points).toBeLessThanOrEqual(250)
  })

  test('the period before ends where this one begins', () => {
    const range = rangeOf(new URLSearchParams('last=6h'), now)
    expect(previous(range)).toMatchObject({ from: now - 43_200_000, to: range.from })
  })
})

describe('samples', () => {
  const call = { method: 'POST', path: '/functions/hello/invocations', body: '{"name":"O\'Hara"}' }

  test('a quote in the body does not end the shell word', () => {
    expect(sample('curl', call, 'http://h:1', 'fk_1')).toContain(`-d '{"name":"O'\\''Hara"}'`)
  })

  test.each(LANGUAGES)('%s has the address, and the key or the name of its variable', (language) => {
    const known = sample(language, call, 'https://fn.example.org/prefix', 'fk_secret')
    expect(known).toContain('https://fn.example.org/prefix/api/v1/functions/hello/invocations')
    expect(known).toContain('fk_secret')
    expect(sample(language, call, 'https://fn.example.org', null)).toContain('FUNKHAUS_KEY')
  })

  test('a GET has no body', () => {
    expect(sample('curl', { method: 'GET', path: '/functions' }, 'http://h', null)).not.toContain('-d ')
  })
})
