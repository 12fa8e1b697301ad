export interface ServerEvent {
  event: string
  data: string
}

/** Cuts a stream of server-sent events into events; feed it text as it comes, in pieces of any size. */
export class EventCutter {
  private rest = ''

  push(text: string): ServerEvent[] {
    this.rest += text
    const events: ServerEvent[] = []
    for (;;) {
      const end = /\r?\n\r?\n/.exec(this.rest)
      if (!end) return events
      const block = this.rest.slice(0, end.index)
      this.rest = this.rest.slice(end.index + end[0].length)
      const event = parse(block)
      if (event) events.push(event)
    }
  }
}

function parse(block: string): ServerEvent | null {
  let event = 'message'
  const data: string[] = []
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const value = line.slice(colon + 1).replace(/^ /, '')
    if (line.slice(0, colon) === 'event') event = value
    else if (line.slice(0, colon) === 'data') data.push(value)
  }
  return data.length ? { event, data: data.join('\n') } : null
}

/** Reads the events of a response until it ends. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const cutter = new EventCutter()
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    yield* cutter.push(value)
  }
}
