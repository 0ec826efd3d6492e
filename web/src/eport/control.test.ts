import { createVerify, X509Certificate } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { controlAddress, EportControl, type Options, type Socket } from './control'
import { type Sandbox, startSandbox } from './sandbox'
import { CardTrouble, refusal } from './trouble'

const open = (address: string) => new WebSocket(address) as unknown as Socket
const pin = '88888888'
let sandbox: Sandbox

beforeAll(async () => {
  sandbox = await startSandbox()
}, 120_000)
afterAll(() => sandbox?.stop())

async function connect(desk: Record<string, string>, options: Options = {}): Promise<EportControl> {
  return EportControl.connect({ address: `${sandbox.control}/?${new URLSearchParams(desk)}`, open, ...options })
}

async function troubleOf(promise: Promise<unknown>): Promise<CardTrouble> {
  try {
    await promise
  } catch (e) {
    if (e instanceof CardTrouble) return e
    throw e
  }
  throw new Error('there was no trouble')
}

describe('the control of the sandbox card', () => {
  it('tells certificate number, enterprise and certificate', async () => {
    const control = await connect({ card: 'pass', kind: 'rsa' })
    const [number, name, certificate] = await Promise.all([
      control.certificateNumber(),
      control.enterpriseName(),
      control.signingCertificate(),
    ])
    expect(name).toBe('河北安达进出口贸易有限公司')
    expect(number).toMatch(/^[0-9A-F]+$/)
    expect(certificate).not.toMatch(/\s|-----/)
    expect(Buffer.from(certificate, 'base64')[0]).toBe(0x30)
    control.close()
  })

  it('signs the very bytes of the challenge', async () => {
    const control = await connect({ card: 'pass', kind: 'rsa' })
    const challenge = 'hxJ0nZQm4m3oYk8lq3Vt1s7bC9dE2fG5hJ8kL0mN1pQ'
    const answer = await control.answer(challenge, pin)
    expect(answer.challenge).toBe(challenge)
    const key = new X509Certificate(Buffer.from(answer.certificate, 'base64')).publicKey
    expect(createVerify('sha256').update(challenge).verify(key, answer.signature, 'base64')).toBe(true)
    control.close()
  })

  it('is accepted by the service, from challenge to verified', async () => {
    const post = async (path: string, body: unknown, token?: string) => {
      const response = await fetch(`${sandbox.url}/v1/${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
      })
      return (await response.json()) as Record<string, string>
    }
    const { token } = await post('login', { loginName: 'long-term', password: 'Demo-2026-realname' })
    const { id } = await post('sessions', { method: 'ic_card', consentVersion: '2026-12' }, token)
    const { challenge } = await post(`sessions/${id}/card-challenge`, {}, token)
    const control = await connect({ card: 'long-term', kind: 'good' })
    const session = await post(`sessions/${id}/card-answer`, await control.answer(challenge!, pin), token)
    expect(session.status).toBe('verified')
    control.close()
  })

  it.each([['missing reader', { reader: 'missing' }, 'no_reader', 'Err:Custom50070']] as const)(
    'names the trouble: %s',
    async (_, desk, kind, code) => {
      const control = await connect(desk)
      const trouble = await troubleOf(control.certificateNumber())
      expect([trouble.kind, trouble.code]).toEqual([kind, code])
      expect(trouble.readable('zh-CN')).toContain('读卡器')
      expect(trouble.readable('en')).toContain('card reader')
      control.close()
    },
  )

  it('tells a wrong PIN from a locked card, and never repeats the PIN', async () => {
    const control = await connect({ card: 'local', kind: 'good' })
    for (let n = 0; n < 5; n++) {
      const trouble = await troubleOf(control.sign('x', '12344321'))
      expect(trouble.kind).toBe('wrong_pin')
      expect(JSON.stringify(trouble) + trouble.message + trouble.readable('zh-CN')).not.toContain('12344321')
    }
    expect((await troubleOf(control.sign('x', '12344321'))).kind).toBe('locked')
    expect((await troubleOf(control.sign('x', pin))).kind).toBe('locked')
    control.close()
  })

  it('gives up on a slow answer, and still hears the next one right', async () => {
    const control = await connect({ card: 'pass', kind: 'good', delay: '150ms' }, { answerWithin: 40 })
    expect((await troubleOf(control.enterpriseName())).kind).toBe('too_slow')
    const patient = await connect({ card: 'pass', kind: 'good', delay: '50ms' })
    const [first, second] = await Promise.all([patient.certificateNumber(), patient.enterpriseName()])
    expect(first).not.toBe(second)
    control.close()
    patient.close()
  })

  it('rejects what is asked after it was closed', async () => {
    const control = await connect({ card: 'pass', kind: 'good' })
    control.close()
    expect((await troubleOf(control.certificateNumber())).kind).toBe('lost')
  })
})

describe('a control that is not there, or not itself', () => {
  const servers: { close(): void }[] = []
  afterAll(() => servers.forEach((s) => s.close()))

  /** A server that sends the hello and then follows the test's script. */
  async function strange(
    hello: string | null,
    then?: (send: (text: string) => void, request: { _id: number }, hangUp: () => void) => void,
  ): Promise<string> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    servers.push(server)
    server.on('connection', (socket) => {
      if (hello !== null) socket.send(hello)
      socket.on('message', (text) =>
        then?.(
          (m) => socket.send(m),
          JSON.parse(String(text)) as { _id: number },
          () => socket.terminate(),
        ),
      )
    })
    await new Promise((listening) => {
      server.on('listening', listening)
    })
    return `ws://127.0.0.1:${(server.address() as { port: number }).port}`
  }
  const greeting = JSON.stringify({
    _id: 0,
    _method: 'open',
    _status: '00',
    _args: { Result: true, Data: [], Error: [] },
  })

  it('nothing listens', async () => {
    const reserved: Server = createServer()
    await new Promise<void>((listening) => {
      reserved.listen(0, '127.0.0.1', listening)
    })
    const { port } = reserved.address() as { port: number }
    await new Promise((closed) => {
      reserved.close(closed)
    })
    const trouble = await troubleOf(EportControl.connect({ address: `ws://127.0.0.1:${port}`, open }))
    expect(trouble.kind).toBe('not_running')
    expect(trouble.readable('zh-CN')).toContain('控件')
  })

  it('no hello comes', async () => {
    expect((await troubleOf(EportControl.connect({ address: await strange(null), open, helloWithin: 30 }))).kind).toBe(
      'too_slow',
    )
  })

  it('somebody else listens there', async () => {
    expect((await troubleOf(EportControl.connect({ address: await strange('hello'), open }))).kind).toBe('unreadable')
  })

  it('the connection breaks while an answer is due', async () => {
    const control = await EportControl.connect({ address: await strange(greeting, (_, __, hangUp) => hangUp()), open })
    expect((await troubleOf(control.enterpriseName())).kind).toBe('lost')
  })

  it('answers come in another order, twice, and for nobody', async () => {
    const asked: number[] = []
    const control = await EportControl.connect({
      open,
      address: await strange(greeting, (send, request) => {
        asked.push(request._id)
        if (asked.length < 2) return
        for (const id of [99, ...asked.reverse(), asked[0]])
          send(JSON.stringify({ _id: id, _args: { Result: true, Data: [`answer ${id}`], Error: [] } }))
        send('no JSON')
      }),
    })
    expect(await Promise.all([control.certificateNumber(), control.enterpriseName()])).toEqual(['answer 1', 'answer 2'])
    control.close()
  })

  it('an answer has neither result nor error', async () => {
    const control = await EportControl.connect({
      open,
      address: await strange(greeting, (send, request) => send(JSON.stringify({ _id: request._id }))),
    })
    expect((await troubleOf(control.enterpriseName())).kind).toBe('unreadable')
    control.close()
  })
})

describe('what the control says', () => {
  it.each([
    [['[读卡器底层库]复位读卡器失败:错误码:50070', 'Err:Custom50070'], 'no_reader'],
    [['连接客户端控件服务失败,请重试.', 'Err:Base60408'], 'not_running'],
    [['卡密码错误,还可以再试3次', 'Err:Card63C3'], 'wrong_pin'],
    [['PIN码不正确'], 'wrong_pin'],
    [['卡密码已锁定', 'Err:Card6983'], 'locked'],
    [['读卡器中没有卡'], 'no_card'],
    [['什么也没有发生', 'Err:Other1'], 'refused'],
    [[], 'refused'],
  ] as const)('%j is %s', (error, kind) => {
    const trouble = refusal(error)
    expect(trouble.kind).toBe(kind)
    for (const language of ['zh-CN', 'en'] as const) expect(trouble.readable(language).length).toBeGreaterThan(8)
  })

  it('has an address for either kind of page', () => {
    expect(controlAddress('http:')).toBe('ws://127.0.0.1:61232')
    expect(controlAddress('https:')).toBe('wss://wss.singlewindow.cn:61231')
  })
})
