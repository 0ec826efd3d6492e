import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// The pages are served under a strict Content-Security-Policy (../web/headers.go):
// no inline script, no inlined asset, every file from this origin.
export default defineConfig({
  plugins: [vue()],
  build: {
    // The Go package embeds dist, whose placeholder comes from public/.
    outDir: 'dist',
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    manifest: true,
  },
  define: { __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false },
  server: {
    proxy: { '/v1': 'http://127.0.0.1:8080', '/sandbox': 'http://127.0.0.1:8080' },
  },
  test: { include: ['src/**/*.test.ts'] },
})
