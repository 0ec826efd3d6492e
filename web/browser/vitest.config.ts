import { defineConfig } from 'vitest/config'

// The browser suite: a real Chromium against the embedded default, one test at a time.
export default defineConfig({
  test: {
    include: ['browser/**/*.spec.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    pool: 'forks',
    reporters: ['verbose'],
  },
})
