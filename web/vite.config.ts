import vue from '@vitejs/plugin-vue'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

// The pages are served under a strict Content-Security-Policy (headers.go): no inline
// script, no inlined asset, every file from this origin. The built page repeats it, for
// a copy that arrives without its headers, except for two directives: browsers ignore
// frame-ancestors there (CSP level 3, 3.3), and the banks of form-action are settings.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self' ws://127.0.0.1:61232 wss://wss.singlewindow.cn:61231",
  "base-uri 'none'",
  "manifest-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types vue',
].join('; ')

// The development server inserts its styles inline, so only the built page has it.
const policyInPage: Plugin = {
  name: 'policy-in-page',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
      injectTo: 'head-prepend',
    },
  ],
}

export default defineConfig({
  plugins: [vue(), policyInPage],
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
