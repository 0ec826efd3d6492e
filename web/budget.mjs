// Prints what a first visit loads and fails when its JavaScript is over budget.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const LIMIT_KB = 180

const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'))
const kb = (file) => gzipSync(readFileSync(`dist/${file}`), { level: 9 }).length / 1000

/** What loads with an entry: itself and its static imports, whatever their depth. */
function withImports(name, seen = new Set()) {
  if (!seen.has(name)) {
    seen.add(name)
    for (const next of manifest[name].imports ?? []) withImports(next, seen)
  }
  return seen
}

// The page that opens first: the entry and the sign-in page.
const first = withImports('index.html')
withImports('src/pages/LoginPage.vue', first)
const scripts = [...new Set([...first].map((name) => manifest[name].file))]
const styles = [...new Set([...first].flatMap((name) => manifest[name].css ?? []))]
const js = scripts.reduce((sum, file) => sum + kb(file), 0)
const css = styles.reduce((sum, file) => sum + kb(file), 0)
const whole = Object.values(manifest)
  .filter((c) => c.file.endsWith('.js'))
  .reduce((sum, c) => sum + kb(c.file), 0)

console.log(
  `initial JavaScript ${js.toFixed(1)} kB gzip of ${LIMIT_KB} kB allowed; styles ${css.toFixed(1)} kB; all pages ${whole.toFixed(1)} kB`,
)
if (js > LIMIT_KB) {
  console.error('initial JavaScript is over budget')
  process.exit(1)
}
