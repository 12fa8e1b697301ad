import type { Code, FunctionSummary, Version } from './types'

/** The configuration that a version and a draft have in common, as rows of a comparison. */
export function settingsOf(
  from: Pick<
    FunctionSummary | Version,
    | 'runtime'
    | 'handler'
    | 'memory'
    | 'timeout'
    | 'isolation'
    | 'sandboxConcurrency'
    | 'onDisconnect'
    | 'environment'
  >,
): Map<string, string> {
  return new Map([
    ['runtime', from.runtime],
    ['handler', from.handler],
    ['memory', `${from.memory} MB`],
    ['timeout', `${from.timeout} s`],
    ['isolation', from.isolation],
    ['invocations per sandbox', String(from.sandboxConcurrency)],
    ['when the caller goes away', from.onDisconnect],
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
      file.encoding === 'utf-8' && file.content !== null
        ? file.content
        : `Binary file, ${file.sizeBytes} bytes\n${file.sha256}\n`,
    ]),
  )
}
