import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The file that asks whether everything was looked at comes last. */
class CoverageLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const last = (f: TestSpecification) => Number(f.moduleId.endsWith('/coverage.spec.ts'))
    return (await super.sort(files)).sort((a, b) => last(a) - last(b))
  }
}

/** What the run's files have looked at (coverage.ts). */
const lookedAt = fileURLToPath(new URL('shots/looked-at', import.meta.url))
mkdirSync(new URL('.', `file://${lookedAt}`), { recursive: true })
writeFileSync(lookedAt, '')

// The browser suite: a real Chromium against the embedded default, one test at a time.
export default defineConfig({
  test: {
    include: ['browser/**/*.spec.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    pool: 'forks',
    reporters: ['verbose'],
    sequence: { sequencer: CoverageLast },
    env: { LOOKED_AT: lookedAt },
  },
})
