import { randomUUID } from 'node:crypto'
import { holderDates, type Person } from './people'
import { password, type Place } from './place'

/** The API calls with which a test prepares its starting point. */
export class Service {
  readonly #url: string
  readonly #token: string

  private constructor(url: string, token: string) {
    this.#url = url
    this.#token = token
  }

  static async as(place: Place, loginName: string, secret = password): Promise<Service> {
    const stranger = new Service(place.url, '')
    const { token } = await stranger.post<{ token: string }>('/v1/login', { loginName, password: secret })
    return new Service(place.url, token)
  }

  async get<T>(path: string): Promise<T> {
    return this.#send('GET', path)
  }

  async post<T>(path: string, body: object): Promise<T> {
    return this.#send('POST', path, body)
  }

  /** Passes the legal-representative method, which verifies both aspects. */
  async passLegalRepresentative(who: Person): Promise<void> {
    const { enterprise, legalRepresentative, administrator } = await this.get<Account>('/v1/account')
    const session = await this.begin('legal_representative')
    const { name, uscc, orgCode } = enterprise
    await this.post(`${session}/enterprise`, {
      name,
      uscc,
      orgCode,
      legalRepresentative: { name: legalRepresentative.name, idType: 'resident_id', idNumber: who.legalNumber },
    })
    await this.post(`${session}/legal-representative`, idCard(who.legalDates))
    await this.post(`${session}/account-holder`, {
      ...idCard(holderDates),
      name: administrator.name,
      idType: 'resident_id',
      idNumber: who.holderNumber,
    })
  }

  /** Verifies the holder only. */
  async passHolder(name: string, idNumber: string): Promise<void> {
    const session = await this.begin('account_holder')
    await this.post(`${session}/account-holder`, { ...idCard(holderDates), name, idType: 'resident_id', idNumber })
  }

  /** Adds an operator, who then sets a password. */
  async addOperator(loginName: string, name: string, idNumber: string): Promise<void> {
    const { activationCode } = await this.post<{ activationCode: string }>('/v1/operators', {
      loginName,
      name,
      idType: 'resident_id',
      idNumber,
    })
    await this.post('/v1/activations', { loginName, activationCode, newPassword: password })
  }

  /** Accepts the consent text of a method and starts a session. Returns its path. */
  async begin(method: string): Promise<string> {
    const { methods } = await this.get<{ methods: { method: string; consent: { version: string } }[] }>('/v1/methods')
    const consentVersion = methods.find((m) => m.method === method)!.consent.version
    const { id } = await this.post<{ id: string }>('/v1/sessions', { method, consentVersion })
    return `/v1/sessions/${id}`
  }

  async #send<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(this.#url + path, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
        ...(this.#token && { Authorization: `Bearer ${this.#token}` }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json().catch(() => null)) as T
  }
}

interface Account {
  enterprise: { name: string; uscc: string; orgCode: string }
  legalRepresentative: { name: string }
  administrator: { name: string }
}

const idCard = ([validFrom, validTo]: [string, string]) => ({ by: 'id_card', validFrom, validTo })
