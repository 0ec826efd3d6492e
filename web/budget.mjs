// Prints the JavaScript that the way from signing in to step 1 of the wizard transfers, and fails
// when it is over budget. The one measure of the pages' weight: documents and bench quote it.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT_KIB = 100

/** The pages on the way, in their order, with what each loads later by itself. */
const WAY = [
  'index.html',
  'src/pages/LoginPage.vue',
  'src/components/AppShell.vue',
  'src/pages/AccountPage.vue',
  'src/pages/MethodsPage.vue',
  'src/pages/MethodStartPage.vue',
  'src/pages/SessionPage.vue',
]

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const kib = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length / 1024
const sum = (files) => [...new Set(files)].reduce((total, file) => total + kib(file), 0)

/** Everything that loads with a chunk: itself and its static imports, whatever their depth. */
function withImports(name, seen = new Set()) {
  if (!seen.has(name)) {
    seen.add(name)
    for (const next of manifest[name].imports ?? []) withImports(next, seen)
  }
  return seen
}

/** The chunk of a source file. One that other chunks share is listed by its name alone. */
function chunkOf(file) {
  const base = file.split('/').at(-1).replace('.vue', '')
  const shared = Object.keys(manifest).find((key) => key.startsWith(`_${base}-`) && key.endsWith('.js'))
  const key = manifest[file] ? file : shared
  if (!key) throw new Error(`budget.mjs: the build has no ${file}`)
  return key
}

const chunks = [...WAY.reduce((seen, name) => withImports(chunkOf(name), seen), new Set())].map(
  (name) => manifest[name],
)
const first = [...withImports('src/pages/LoginPage.vue', withImports('index.html'))].map((name) => manifest[name])
const js = sum(chunks.map((c) => c.file))
const css = sum(chunks.flatMap((c) => c.css ?? []))
const whole = sum(Object.values(manifest).flatMap((c) => (c.file.endsWith('.js') ? [c.file] : [])))

console.log(
  `JavaScript from sign-in to step 1: ${js.toFixed(1)} KiB gzip of ${LIMIT_KIB} KiB allowed ` +
    `(sign-in alone ${sum(first.map((c) => c.file)).toFixed(1)}, all pages ${whole.toFixed(1)}); styles ${css.toFixed(1)} KiB`,
)
if (js > LIMIT_KIB) {
  console.error('the JavaScript from sign-in to step 1 is over budget')
  process.exit(1)
}
