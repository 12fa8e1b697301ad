/** One line of a stack trace, and where it points when that is a file of the function. */
export interface Frame {
  text: string
  file?: string
  line?: number
}

const NODE = /(?:\(|at |async )(?:file:\/\/)?([^\s()]+?):(\d+)(?::(\d+))?\)?$/
const NODE_SYNTAX = /^(?:file:\/\/)?(\/[^\s:]+):(\d+)(?::\d+)?$/
const PYTHON = /File "([^"]+)", line (\d+)/

/** Finds the function's own files in a stack trace of Node.js or Python. */
export function frames(trace: string[], files: string[]): Frame[] {
  return trace
    .flatMap((entry) => entry.replace(/\n$/, '').split('\n'))
    .map((text) => {
      const match = NODE.exec(text.trimEnd()) ?? PYTHON.exec(text) ?? NODE_SYNTAX.exec(text.trim())
      const file = match?.[1] ? own(match[1], files) : undefined
      return file && match ? { text, file, line: Number(match[2]) } : { text }
    })
}

function own(path: string, files: string[]): string | undefined {
  if (path.startsWith('node:') || path.includes('/node_modules/')) return undefined
  const inTask = path.replace(/^.*?\/task\//, '')
  return files.find((file) => file === inTask)
}

/** The frame to jump to: the nearest to the failure. Python puts that last, Node.js first. */
export function culprit(all: Frame[]): Frame | undefined {
  const owned = all.filter((frame) => frame.file)
  return all.some((frame) => PYTHON.test(frame.text)) ? owned.at(-1) : owned[0]
}
