/**
 * Idempotency keys of POSTs. A request that got no answer is sent again under
 * the same key as long as its body is the same, so that it is carried out once;
 * after an answer the next try is a request of its own.
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
