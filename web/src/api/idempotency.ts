/**
 * Idempotency keys of POSTs. If a request got no answer, the next one with the same body uses the
 * same key, so that the service executes it only once. After an answer, the next attempt is a new
 * request.
 */
export class IdempotencyKeys {
  readonly #open = new Map<string, { body: string; key: string }>()
  readonly #newKey: () => string

  constructor(newKey: () => string = () => crypto.randomUUID()) {
    this.#newKey = newKey
  }

  keyFor(path: string, body: string): string {
    const open = this.#open.get(path)
    if (open?.body === body) return open.key
    const key = this.#newKey()
    this.#open.set(path, { body, key })
    return key
  }

  answered(path: string): void {
    this.#open.delete(path)
  }
}
