import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A running `realname serve`, for tests that use the sandbox card. */
export interface Sandbox {
  url: string
  control: string
  stop(): void
}

/** The program under test: REALNAME_BIN, the output of make, or a build of its own. */
function program(): string {
  const built = process.env.REALNAME_BIN ?? resolve('..', 'bin', 'realname')
  if (existsSync(built)) return built
  const made = join(mkdtempSync(join(tmpdir(), 'realname-')), 'realname')
  execFileSync('go', ['build', '-o', made, './cmd/realname'], { cwd: resolve('..') })
  return made
}

export async function startSandbox(): Promise<Sandbox> {
  const process_ = spawn(program(), ['serve', '--addr', '127.0.0.1:0', '--card', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await new Promise<string>((found, failed) => {
    let said = ''
    process_.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const at = /ready at (http:\/\/\S+)/.exec(said)
      if (at?.[1]) found(at[1])
    })
    process_.on('exit', (code) => failed(new Error(`realname serve ended with ${code}`)))
  })
  const desk = (await (await fetch(`${url}/sandbox/card`)).json()) as { control: string }
  return {
    url,
    control: desk.control,
    stop: () => {
      process_.kill()
    },
  }
}
