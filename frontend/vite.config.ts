import { defineConfig } from 'vite'

// Assets carry their content's hash in the name, so that the service may tell browsers to keep them for ever;
// the manifest tells the templates the names of today. Everything is served by the service itself.
export default defineConfig({
  base: './',
  publicDir: 'public',
  build: {
    outDir: '../web/target/classes/static/assets',
    emptyOutDir: true,
    manifest: 'manifest.json',
    target: ['chrome125', 'firefox128', 'safari17.5'],
    assetsDir: '.',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: 'src/main.ts' },
    chunkSizeWarningLimit: 700,
  },
  test: { include: ['test/**/*.test.ts'] },
})
