import { defineConfig } from 'vitest/config'

// Browser tests against a running service (FUNKHAUS_URL). One file after another: they share one machine with the sandboxes.
export default defineConfig({
  test: {
    include: ['browser/**/*.browser.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    globalSetup: 'browser/before-all.ts',
  },
})
