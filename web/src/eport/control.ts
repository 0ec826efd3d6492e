import { localPermission, type LocalPermission } from './permission'
import { CardTrouble, refusal } from './trouble'

/** The part of a WebSocket that the control uses, so that tests can replace it. */
export interface Socket {
  onopen: (() => void) | null
  onmessage: ((event: { data: unknown }) => void) | null
  onerror: (() => void) | null
  onclose: (() => void) | null
  send(data: string): void
  close(): void
}

export interface Options {
  address?: string
  open?: (address: string) => Socket
  /** How long to wait for the control's hello, in milliseconds. */
  helloWithin?: number
  /** How long to wait for an answer, in milliseconds. Signing may take longer, because a card is slow. */
  answerWithin?: number
  signWithin?: number
  /** The browser's permission to reach this computer. */
  permission?: () => Promise<LocalPermission | null>
  /** How long to wait for the user's answer to the browser's question, in milliseconds. */
  askWithin?: number
  /** Hears whether the browser is asking the user now. */
  onAsking?: (asking: boolean) => void
}

/** A card's answer to a challenge, as POST …/card-answer accepts it. */
export interface CardAnswer {
  challenge: string
  certificate: string
  signature: string
}

/** The control's address. A secure page can only connect to a secure one. */
export function controlAddress(protocol: string): string {
  return protocol === 'https:' ? 'wss://wss.singlewindow.cn:61231' : 'ws://127.0.0.1:61232'
}

interface Answer {
  _id?: unknown
  _method?: unknown
  _args?: { Result?: unknown; Data?: unknown; Error?: unknown }
}

interface Waiting {
  resolve: (data: string[]) => void
  reject: (trouble: CardTrouble) => void
  timer: ReturnType<typeof setTimeout>
}

/**
 * A connection to the E-Port client control of this computer. `_id` distinguishes the answers, so
 * that several requests may be pending. Only the control receives the PIN: this class does not keep
 * it, and no error contains it.
 */
export class EportControl {
  private readonly socket: Socket
  private readonly waiting = new Map<number, Waiting>()
  private readonly answerWithin: number
  private readonly signWithin: number
  private lastId = 0
  private broken: CardTrouble | null = null

  private constructor(socket: Socket, options: Options) {
    this.socket = socket
    this.answerWithin = options.answerWithin ?? 15_000
    this.signWithin = options.signWithin ?? 60_000
  }

  /**
   * Connects and waits for the control's hello. While the browser asks the user for
   * permission, no time runs. Fails with `not_running`, `too_slow` or `not_allowed`.
   */
  static async connect(options: Options = {}): Promise<EportControl> {
    const permission = await (options.permission ?? localPermission)()
    const address = options.address ?? controlAddress(globalThis.location?.protocol ?? 'http:')
    const open = options.open ?? ((at: string) => new WebSocket(at) as unknown as Socket)
    return new Promise((resolve, reject) => {
      let socket: Socket
      try {
        socket = open(address)
      } catch {
        reject(new CardTrouble('not_running'))
        return
      }
      const control = new EportControl(socket, options)
      let timer: ReturnType<typeof setTimeout> | undefined
      const settle = () => {
        clearTimeout(timer)
        if (permission) permission.onchange = null
        options.onAsking?.(false)
      }
      const fail = (trouble: CardTrouble) => {
        settle()
        control.end(trouble)
        reject(trouble)
      }
      const wait = () => {
        clearTimeout(timer)
        const asking = permission?.state === 'prompt'
        options.onAsking?.(asking)
        const within = asking ? (options.askWithin ?? 120_000) : (options.helloWithin ?? 5_000)
        timer = setTimeout(() => fail(new CardTrouble(asking ? 'not_allowed' : 'too_slow')), within)
      }
      wait()
      if (permission) permission.onchange = wait
      // A denied permission looks to the page like a control that is not there.
      socket.onerror = socket.onclose = () =>
        fail(new CardTrouble(permission?.state === 'denied' ? 'not_allowed' : 'not_running'))
      socket.onmessage = (event) => {
        if (parse(event.data)?._method !== 'open') {
          fail(new CardTrouble('unreadable'))
          return
        }
        settle()
        socket.onmessage = (next) => control.hear(next.data)
        socket.onerror = socket.onclose = () => control.end(new CardTrouble('lost'))
        resolve(control)
      }
    })
  }

  certificateNumber(): Promise<string> {
    return this.first('cus-sec_SpcGetCertNo', {})
  }

  enterpriseName(): Promise<string> {
    return this.first('cus-sec_SpcGetEntName', {})
  }

  /** The card's signing certificate: DER in base64, without PEM's lines. */
  async signingCertificate(): Promise<string> {
    return oneLine(await this.first('cus-sec_SpcGetSignCertAsPEM', {}))
  }

  /** Signs the text's bytes; the signature is base64. */
  async sign(text: string, pin: string): Promise<{ signature: string; certificateNumber: string }> {
    const [signature, certificateNumber] = await this.request(
      'cus-sec_SpcSignDataAsPEM',
      { inData: text, passwd: pin },
      this.signWithin,
    )
    if (!signature) throw new CardTrouble('unreadable')
    return { signature: oneLine(signature), certificateNumber: certificateNumber ?? '' }
  }

  /** Certificate and signature for a challenge of the service. */
  async answer(challenge: string, pin: string): Promise<CardAnswer> {
    const certificate = await this.signingCertificate()
    const { signature } = await this.sign(challenge, pin)
    return { challenge, certificate, signature }
  }

  close(): void {
    this.end(new CardTrouble('lost'))
  }

  private async first(method: string, args: Record<string, string>): Promise<string> {
    const [value] = await this.request(method, args, this.answerWithin)
    if (!value) throw new CardTrouble('unreadable')
    return value
  }

  private request(method: string, args: Record<string, string>, within: number): Promise<string[]> {
    if (this.broken) return Promise.reject(this.broken)
    const id = ++this.lastId
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.settle(id)?.reject(new CardTrouble('too_slow')), within)
      this.waiting.set(id, { resolve, reject, timer })
      try {
        this.socket.send(JSON.stringify({ _id: id, _method: method, args }))
      } catch {
        this.end(new CardTrouble('lost'))
      }
    })
  }

  private hear(data: unknown): void {
    const answer = parse(data)
    const waiting = typeof answer?._id === 'number' ? this.settle(answer._id) : undefined
    if (!answer || !waiting) return // no pending request has this ID
    const args = answer._args
    if (args?.Result === true) {
      waiting.resolve(strings(args.Data))
      return
    }
    waiting.reject(args?.Result === false ? refusal(strings(args.Error)) : new CardTrouble('unreadable'))
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id)
    if (waiting) clearTimeout(waiting.timer)
    this.waiting.delete(id)
    return waiting
  }

  private end(trouble: CardTrouble): void {
    if (this.broken) return
    this.broken = trouble
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null
    this.socket.onerror = () => {} // a closed connection may still report an error
    this.socket.close()
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(trouble)
  }
}

function parse(data: unknown): Answer | null {
  try {
    const value: unknown = JSON.parse(String(data))
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    return null
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : []
}

/** Base64 without PEM's armor and line breaks, whichever form the control returns. */
function oneLine(text: string): string {
  return text.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '')
}
