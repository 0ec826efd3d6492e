import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const binary = process.env.REALNAME_BIN ?? fileURLToPath(new URL('../../bin/realname', import.meta.url))

export const password = 'Demo-2026-realname'

/** A running embedded default for one test, on a free port. */
export interface Place {
  url: string
  stop: () => void
  /** The SMS code in the last message to a number. */
  code: (mobile: string) => Promise<string>
  /** The link in the last e-mail to an address. */
  link: (to: string) => Promise<string>
  /** Puts a card into the sandbox's reader (POST /sandbox/card). */
  insert: (card: object) => Promise<void>
  /** The address of the sandbox's E-Port control. */
  control: () => Promise<string>
  fault: (target: string, mode: string, times?: number) => Promise<void>
}

export async function start(...flags: string[]): Promise<Place> {
  const child: ChildProcess = spawn(binary, ['serve', '--addr', '127.0.0.1:0', '--card', '127.0.0.1:0', ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (status) => reject(new Error(`${binary} serve ended with ${status}`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /ready at (http:\S+)/.exec(line)
      if (found) resolve(found[1]!)
    })
  })
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(await answer.text())
  }
  const get = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T
  return {
    url,
    stop: () => void child.kill(),
    // The message of a password reset is sent after the answer.
    code: async (mobile) => {
      for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((wait) => setTimeout(wait, 50))) {
        const { code } = await get<{ code?: string }>(`/sandbox/sms?mobile=${mobile}`)
        if (code) return code
      }
      throw new Error(`no message to ${mobile}`)
    },
    link: async (to) => (await get<{ link: string }>(`/sandbox/email?to=${to}`)).link,
    insert: (card) => post('/sandbox/card', card),
    control: async () => (await get<{ control: string }>('/sandbox/card')).control,
    fault: (target, mode, times = 1) => post('/sandbox/faults', { target, mode, times }),
  }
}
