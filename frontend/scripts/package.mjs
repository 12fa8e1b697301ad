// Builds the console's assets for the Java build: installs the locked packages when the lock file changed, then runs Vite
// when a source changed. A second run with nothing changed takes a few milliseconds.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const output = join(root, '../web/target/classes/static/assets')

const locked = hash([join(root, 'package-lock.json'), join(root, 'package.json')])
const installedStamp = join(root, 'node_modules/.funkhaus-installed')
if (read(installedStamp) !== locked) {
  // Not `npm ci`: it refuses a lock file that leaves out binaries of platforms a registry does not carry. This takes the
  // locked versions, checks their hashes, and changes no file of ours.
  run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'])
  writeFileSync(installedStamp, locked)
}

const sources =
  hash([...files(join(root, 'src')), ...files(join(root, 'public')), join(root, 'vite.config.ts')]) + locked
const builtStamp = join(output, '.built')
if (read(builtStamp) !== sources) {
  run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'])
  writeFileSync(builtStamp, sources)
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error || status !== 0) {
    console.error(`${command} ${args.join(' ')} failed in ${root}`)
    process.exit(status ?? 1)
  }
}

function files(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

function hash(paths) {
  const digest = createHash('sha256')
  for (const path of paths) digest.update(path.slice(root.length)).update('\0').update(readFileSync(path))
  return digest.digest('hex')
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
