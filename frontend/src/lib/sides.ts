import type { Code, FunctionSummary, Version } from './types'

/** The configuration that a version and a draft have in common, as rows of a comparison. */
export function settingsOf(
  from: Pick<FunctionSummary | Version, 'runtime' | 'handler' | 'memory' | 'timeout' | 'environment'>,
): Map<string, string> {
  return new Map([
    ['runtime', from.runtime],
    ['handler', from.handler],
    ['memory', `${from.memory} MB`],
    ['timeout', `${from.timeout} s`],
    ...Object.entries(from.environment ?? {}).map(([key, value]): [string, string] => [
      `environment: ${key}`,
      value,
    ]),
  ])
}

/** The files of a code bundle as text; of a binary file only its size is compared and shown. */
export function textsOf(code: Code): Map<string, string> {
  return new Map(
    code.files.map((file) => [
      file.path,
      file.encoding === 'base64'
        ? `Binary file, ${file.sizeBytes} bytes\n${fingerprint(file.content)}\n`
        : file.content,
    ]),
  )
}

/** Tells two contents apart; not for security. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
