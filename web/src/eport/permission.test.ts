import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EportControl, type Options, type Socket } from './control'
import { localPermission, type LocalPermission } from './permission'
import { CardTrouble } from './trouble'

/** A socket that does what the test says. */
class FakeSocket implements Socket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: unknown }) => void) | null = null
  onerror: (() => void) | null = null
  onclose: (() => void) | null = null
  send(): void {}
  close(): void {}
  hello(): void {
    this.onmessage?.({ data: '{"_id":0,"_method":"open","_status":"00"}' })
  }
}

/** The browser's permission, which the test changes as its user would. */
class FakePermission implements LocalPermission {
  onchange: (() => void) | null = null
  constructor(public state: PermissionState) {}
  becomes(state: PermissionState): void {
    this.state = state
    this.onchange?.()
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function connecting(permission: FakePermission | null, options: Options = {}) {
  const socket = new FakeSocket()
  const asking: boolean[] = []
  let outcome: EportControl | CardTrouble | null = null
  EportControl.connect({
    address: 'ws://127.0.0.1:1',
    open: () => socket,
    permission: () => Promise.resolve(permission),
    onAsking: (now) => asking.push(now),
    ...options,
  }).then(
    (control) => (outcome = control),
    (e: unknown) => (outcome = e as CardTrouble),
  )
  await vi.advanceTimersByTimeAsync(0)
  return { socket, asking, outcome: () => outcome, kind: () => (outcome instanceof CardTrouble ? outcome.kind : null) }
}

describe("the browser's permission to reach this computer", () => {
  it('lets no time run while the browser asks', async () => {
    const permission = new FakePermission('prompt')
    const c = await connecting(permission)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([c.outcome(), c.asking.at(-1)]).toEqual([null, true])
    permission.becomes('granted')
    expect(c.asking.at(-1)).toBe(false)
    c.socket.hello()
    await vi.advanceTimersByTimeAsync(0)
    expect(c.outcome()).toBeInstanceOf(EportControl)
  })

  it('waits for the hello as ever once it is granted', async () => {
    const permission = new FakePermission('prompt')
    const c = await connecting(permission)
    permission.becomes('granted')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(c.kind()).toBe('too_slow')
  })

  it.each(['denied', 'prompt'] as const)('says how to grant it when the answer is %s', async (answer) => {
    const permission = new FakePermission('prompt')
    const c = await connecting(permission)
    if (answer === 'denied') {
      permission.becomes('denied')
      c.socket.onerror?.()
    }
    await vi.advanceTimersByTimeAsync(120_000)
    expect([c.kind(), c.asking.at(-1)]).toEqual(['not_allowed', false])
  })

  it('does not blame the permission for a control that is not there', async () => {
    for (const permission of [null, new FakePermission('granted'), new FakePermission('prompt')]) {
      const c = await connecting(permission)
      c.socket.onerror?.()
      await vi.advanceTimersByTimeAsync(0)
      expect(c.kind()).toBe('not_running')
    }
  })

  it('is read under the name that the browser knows', async () => {
    for (const [known, want] of [
      [['loopback-network'], 'loopback-network'],
      [['local-network-access'], 'local-network-access'],
      [['loopback-network', 'local-network-access'], 'loopback-network'],
      [[], null],
    ] as const) {
      const query = (d: { name: string }) =>
        (known as readonly string[]).includes(d.name)
          ? Promise.resolve({ state: 'granted', onchange: null, name: d.name })
          : Promise.reject(new TypeError(d.name))
      vi.stubGlobal('navigator', { permissions: { query } })
      expect(((await localPermission()) as { name?: string } | null)?.name ?? null).toBe(want)
    }
  })
})
