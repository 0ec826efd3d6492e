import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** Files and the files they import, types and lazy imports included. */
type Graph = Map<string, string[]>

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((f) => join('src', f))
  .filter((f) => /\.(ts|vue)$/.test(f))

function fileOf(importer: string, path: string): string {
  const base = join(dirname(importer), path)
  const found = [base, `${base}.ts`, join(base, 'index.ts')].find((f) => /\.\w+$/.test(f) && existsSync(f))
  if (!found) throw new Error(`${importer}: no file for the import ${path}`)
  return found
}

function importsOf(file: string): string[] {
  const paths = readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']*)'/g)
  return [...paths].map(([, path]) => fileOf(file, path!))
}

/** Searches depth first; the first circle as a path that ends where it begins, or null. */
function circleIn(graph: Graph): string[] | null {
  const done = new Set<string>()
  function visit(file: string, path: string[]): string[] | null {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return null
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file])
      if (circle) return circle
    }
    done.add(file)
    return null
  }
  for (const file of graph.keys()) {
    const circle = visit(file, [])
    if (circle) return circle
  }
  return null
}

test('no file imports itself through others', () => {
  const graph: Graph = new Map(files.map((f) => [f, importsOf(f)]))
  expect(graph.get('src/main.ts')).toContain('src/App.vue')
  expect(circleIn(graph)).toBeNull()
})

test('the search finds a circle wherever it begins', () => {
  const graph: Graph = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', ['d']],
    ['d', ['b']],
  ])
  expect(circleIn(graph)).toEqual(['b', 'c', 'd', 'b'])
  graph.set('d', [])
  expect(circleIn(graph)).toBeNull()
})
