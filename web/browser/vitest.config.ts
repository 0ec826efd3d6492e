import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Runs the file that checks the coverage last. */
class CoverageLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const last = (f: TestSpecification) => Number(f.moduleId.endsWith('/coverage.spec.ts'))
    return (await super.sort(files)).sort((a, b) => last(a) - last(b))
  }
}

/** The pages and dialogs that the files of this run inspected (coverage.ts). */
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
