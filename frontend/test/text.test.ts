import { describe, expect, test } from 'vitest'
import { ansi, withoutAnsi } from '../src/lib/ansi'
import { parseDotenv } from '../src/lib/dotenv'
import { ago, atLeast, bytes, millis, percent, sentence, stamp } from '../src/lib/format'
import { jsonProblem, pretty } from '../src/lib/json'
import { classify } from '../src/lib/log'
import { isolated } from '../src/lib/points'

const ESC = '\u001b'

describe('ANSI', () => {
  test('colours and weights become classes, until they are reset', () => {
    expect(ansi(`a ${ESC}[1;31mred${ESC}[0m b`)).toEqual([
      { text: 'a ', classes: [] },
      { text: 'red', classes: ['ansi-bold', 'ansi-1'] },
      { text: ' b', classes: [] },
    ])
  })

  test('a later colour replaces an earlier one, bright ones count as the plain ones', () => {
    expect(ansi(`${ESC}[31mx${ESC}[92my`)[1]).toEqual({ text: 'y', classes: ['ansi-2'] })
  })

  test('the arguments of 256 colours are not taken for other codes', () => {
    expect(ansi(`${ESC}[38;5;31mx`)).toEqual([{ text: 'x', classes: [] }])
    expect(ansi(`${ESC}[38;2;31;32;33;1mx`)).toEqual([{ text: 'x', classes: ['ansi-bold'] }])
  })

  test('links, titles, cursor movements and control characters vanish', () => {
    expect(withoutAnsi(`${ESC}]8;;javascript:alert(1)\u0007link${ESC}]8;;\u0007${ESC}[2K\u0008\u0000!`)).toBe(
      'link!',
    )
  })
})

describe('log lines', () => {
  const prefix = '2026-11-21T10:00:00.123Z\t0a1b2c3d-0000-4000-8000-000000000000\t'

  test('the runtime puts time, id and level before what was written', () => {
    expect(classify(`${prefix}ERROR\tboom`)).toMatchObject({
      text: 'boom',
      level: 'error',
      at: '2026-11-21T10:00:00.123Z',
    })
  })

  test('where the runtime says INFO, the line may say more', () => {
    expect(classify(`${prefix}INFO\tWARN disk almost full`).level).toBe('warn')
    expect(classify(`${prefix}INFO\t{"level":"error","message":"x"}`)).toMatchObject({
      level: 'error',
      json: { message: 'x' },
    })
    expect(classify(`${prefix}INFO\tnothing wrong`).level).toBe('info')
  })

  test('a word in the middle of a sentence is no level', () => {
    expect(classify('there was no error today').level).toBe('plain')
  })

  test('lines of the platform are told from those of the function', () => {
    expect(classify('START RequestId: 1 Version: 2').level).toBe('platform')
    expect(classify('REPORT RequestId: 1\tDuration: 1 ms').level).toBe('platform')
  })

  test('half an object is text', () => {
    expect(classify('{"a":').json).toBeNull()
  })
})

describe('.env files', () => {
  test('comments, exports, quotes and spaces', () => {
    const text = '# note\n\nexport A=1\nB = two words # said\nC="quoted # not a comment"\nD=\'$raw\\n\'\n'
    expect(parseDotenv(text)).toEqual({
      variables: { A: '1', B: 'two words', C: 'quoted # not a comment', D: '$raw\\n' },
      refused: [],
    })
  })

  test('a quoted value may have several lines and escapes', () => {
    expect(parseDotenv('KEY="one\ntwo\\n\\"three\\""\nNEXT=1').variables).toEqual({
      KEY: 'one\ntwo\n"three"',
      NEXT: '1',
    })
  })

  test('what is no variable is said, not guessed', () => {
    expect(parseDotenv('just words\n1A=2').refused).toEqual(['just words', '1A=2'])
  })
})

describe('JSON', () => {
  test('a mistake has its line and column', () => {
    expect(jsonProblem('{\n  "a": 1,\n  "b" 2\n}')).toMatchObject({ line: 3, column: 7 })
  })

  test('an end that comes too early is at the end', () => {
    expect(jsonProblem('{\n  "a": [1,')).toMatchObject({ line: 2 })
  })

  test('nothing is fine, it is sent as an empty object', () => {
    expect(jsonProblem('  \n')).toBeNull()
  })

  test('what is not JSON stays as it is', () => {
    expect(pretty('not json')).toBe('not json')
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}')
  })
})

describe('figures', () => {
  test('durations have three figures and the unit that suits', () => {
    expect([0, 0.084, 1.2, 12.34, 123.4, 1234, 61_000].map(millis)).toEqual([
      '0 ms',
      '0.08 ms',
      '1.2 ms',
      '12.3 ms',
      '123 ms',
      '1.23 s',
      '1 min 1 s',
    ])
    expect(millis(null)).toBe('–')
    expect([0, 1234].map(atLeast)).toEqual(['unknown', 'at least 1.23 s'])
  })

  test('sizes', () => {
    expect([0, 1023, 1024, 38_400_000].map(bytes)).toEqual(['0 B', '1023 B', '1 KB', '36.6 MB'])
  })

  test('a share is 0 or 100 only when it is none or all', () => {
    expect(percent(0, 10)).toBe('0 %')
    expect(percent(1, 100_000)).toBe('0.0 %')
    expect(percent(1, 3)).toBe('33 %')
    expect(percent(0, 0)).toBe('–')
  })

  test('how long ago, and how long until', () => {
    const now = Date.parse('2026-11-21T10:00:00Z')
    expect(ago('2026-11-21T09:58:30Z', now)).toBe('1 minute ago')
    expect(ago('2026-11-24T11:00:00Z', now)).toBe('in 3 days')
    expect(ago('2027-02-19T09:59:57Z', now)).toBe('in 90 days')
    expect(ago('2026-08-23T10:00:00Z', now)).toBe('3 months ago')
    expect(ago('2026-11-21T09:59:58Z', now)).toBe('just now')
  })

  test('stamps in UTC do not depend on where the reader is', () => {
    expect(stamp('2026-11-21T09:40:02.123Z', true)).toBe('2026-11-21 09:40:02')
  })
})

test('words of the service become a sentence', () => {
  expect(sentence('workspace limit 10 of 10 running')).toBe('Workspace limit 10 of 10 running.')
  expect(sentence('Done already.')).toBe('Done already.')
})

describe('points of a chart', () => {
  test('a value with a gap or an end on both sides is isolated', () => {
    expect(isolated([1, null, 2, 3, null, 0, undefined, null, 4])).toEqual([0, 5, 8])
    expect(isolated([1, 2, 3])).toEqual([])
    expect(isolated([])).toEqual([])
  })
})
