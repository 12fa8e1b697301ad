// The shapes of docs/rest-api.md, as far as the console reads them.

export interface FunctionSummary {
  name: string
  description: string | null
  runtime: string
  architecture: string
  handler: string
  memory: number
  timeout: number
  environment: Record<string, string>
  isolation: string
  sandboxConcurrency: number
  onDisconnect: string
  codeSha256: string
  codeSizeBytes: number
  revision: number
  createdAt: string
  updatedAt: string
  updatedBy: string | null
  latestVersion: number | null
  draftDiffers: boolean
  lastInvocation?: { requestId: string; status: Status; startedAt: string } | null
  invocations24h?: number
  errors24h?: number
}

export interface DeletedFunction {
  name: string
  deletedAt: string
  goneForGoodAt: string
}

export interface CodeFile {
  path: string
  /** Null when the file is too large to be edited. */
  content: string | null
  encoding: 'utf-8' | 'base64' | null
  sizeBytes: number
  executable: boolean
  sha256: string
}

export interface Code {
  files: CodeFile[]
  sha256: string
  sizeBytes: number
}

export interface Version {
  number: number
  note: string | null
  author: string | null
  createdAt: string
  codeSha256: string
  codeSizeBytes: number
  runtime: string
  handler: string
  memory: number
  timeout: number
  environment: Record<string, string>
  isolation: string
  sandboxConcurrency: number
  onDisconnect: string
  description?: string | null
}

export interface Alias {
  name: string
  version: number
  additionalVersion?: { version: number; weight: number } | null
  revision: number
  updatedAt: string
}

export interface TestEvent {
  name: string
  event: string
}

export type Status =
  | 'succeeded'
  | 'failed'
  | 'timed_out'
  | 'out_of_memory'
  | 'exited'
  | 'init_failed'
  | 'response_too_large'
  | 'sandbox_lost'
  | 'cancelled'
  | 'refused'
  | 'interrupted'

/** Of an invocation that has not ended. */
export type Progress = 'waiting' | 'running'

export interface FunctionError {
  errorType: string | null
  errorMessage: string | null
  trace?: string[] | null
}

export interface Invocation {
  requestId: string
  function: string
  version: string
  alias: string | null
  trigger: string
  key: { id: string; name: string } | null
  status: Status
  errorType: string | null
  errorMessage: string | null
  startedAt: string
  queueMillis: number
  initMillis: number
  runMillis: number
  billedMillis: number
  coldStart: boolean
  memory: number
  peakMemoryBytes: number | null
  payloadBytes: number
  resultBytes: number | null
  logBytes: number
  logTruncated: boolean
  payload?: string | null
  payloadTruncated?: boolean
  result?: string | null
  resultTruncated?: boolean
  error?: FunctionError | null
  log?: string | null
}

/** One that has not ended: what it waits for, when it does. */
export interface UnderWay extends Omit<Invocation, 'status'> {
  status: Progress
  waiting?: Waiting
}

export interface InvocationPage extends Page<Invocation> {
  underWay: UnderWay[]
}

/** A function's share of what its workspace may run at the same time. */
export interface Concurrency {
  /** Null: as many as the workspace may run. 0: paused. */
  maximumConcurrency: number | null
  reservedConcurrency: number
  workspaceLimit: number
  reservable: number
  revision: number
  updatedAt: string | null
  updatedBy: string | null
}

/** Sandboxes that are kept ready for a version or an alias. */
export interface Provisioned {
  qualifier: string
  wanted: number
  ready: number
  status: 'ready' | 'preparing' | 'failed'
  /** Why the last attempt failed. */
  reason: string | null
  revision: number
  updatedAt: string
  updatedBy: string
}

/** Which settings of functions can be honoured here. */
export interface Installation {
  maximumMemory: number
  isolation: { value: string; unavailable: string | null }[]
  maximumSandboxConcurrency: number
  onDisconnect: { value: string; unavailable: string | null }[]
}

export interface MetricPoint {
  at: string
  invocations: number
  errors: number
  timeouts: number
  refused: number
  coldStarts: number
  p50Millis: number | null
  p95Millis: number | null
  p99Millis: number | null
  maxMillis: number | null
  maxConcurrency: number
  billedMillis: number
}

export interface Metrics {
  from: string
  to: string
  stepSeconds: number
  points: MetricPoint[]
  totals: Omit<MetricPoint, 'at'>
  markers: { at: string; version: number; note: string | null }[]
}

export interface ApiKey {
  id: string
  name: string
  scope: 'invoke' | 'full'
  prefix: string
  createdAt: string
  createdBy: string | null
  expiresAt: string | null
  lastUsedAt: string | null
  lastUsedAddress: string | null
  revokedAt: string | null
  secret?: string
}

export interface Runtime {
  name: string
  architecture: string
  available: boolean
  sampleHandler: string
  language: string
}

export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

/** What the workspace runs now, and of how much. */
export interface Usage {
  running: number
  waiting: number
  limit: number
  functions: {
    function: string
    version: string
    idle: number
    busy: number
    starting: number
    waiting: number
    running: number
  }[]
}

/** Why a watched run has no sandbox yet. */
export interface Waiting {
  reason: string
  message: string
  position: number
}
