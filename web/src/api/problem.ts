import { locale } from '../i18n'
import type { components } from './schema.gen'

type ProblemBody = components['schemas']['Problem']
type ProblemTexts = Pick<ProblemBody, 'title' | 'detail' | 'causes' | 'errors'>

/**
 * The origin of trouble, in addition to the service's own problem codes. `offline`: no answer
 * arrived. `signed_out`: the gateway or the service no longer knows the caller. `throttled` and
 * `gateway`: refusals of the gateway itself, without a problem body.
 */
type TroubleCode = ProblemBody['code'] | 'offline' | 'signed_out' | 'throttled' | 'gateway'

/** A failure in one shape, whatever its origin. Texts of the service are in the reader's language. */
export class Trouble extends Error {
  readonly code: TroubleCode
  readonly status: number
  readonly requestId: string | null
  readonly problem: ProblemBody | null
  /** The time at which another attempt makes sense, if known. */
  readonly retryAt: Date | null

  constructor(
    code: TroubleCode,
    status: number,
    requestId: string | null,
    problem: ProblemBody | null,
    retryAfter: number | null,
  ) {
    super(code) // never the body, since a console may show it
    this.code = code
    this.status = status
    this.requestId = requestId
    this.problem = problem
    this.retryAt = retryAfter === null ? null : new Date(Date.now() + retryAfter * 1000)
  }

  static offline(): Trouble {
    return new Trouble('offline', 0, null, null, null)
  }

  /** Reads a refusal: a problem (RFC 9457), or the gateway's bare {"message": …}. */
  static from(response: Response, body: unknown): Trouble {
    const requestId = response.headers.get('X-Request-Id') ?? response.headers.get('Apigw-Requestid')
    const header = Number(response.headers.get('Retry-After') ?? NaN)
    if (isProblem(body)) {
      const code = body.code === 'token_revoked' ? 'signed_out' : body.code
      return new Trouble(
        code,
        body.status,
        body.requestId || requestId,
        body,
        body.retryAfter ?? (Number.isFinite(header) ? header : null),
      )
    }
    const retryAfter = Number.isFinite(header) ? header : null
    switch (response.status) {
      case 401:
      case 403:
        return new Trouble('signed_out', response.status, requestId, null, null)
      case 404:
        return new Trouble('not_found', 404, requestId, null, null)
      case 429:
        return new Trouble('throttled', 429, requestId, null, retryAfter)
    }
    return new Trouble('gateway', response.status, requestId, null, retryAfter)
  }

  /** The service's texts in the reader's language, also after the reader has changed it. */
  get said(): ProblemTexts | null {
    const other = this.problem?.translation
    return other?.language === locale() ? other : this.problem
  }

  /** Whether the outcome of the request is unknown. The caller may then send the same request again. */
  get unanswered(): boolean {
    return this.code === 'offline' || this.code === 'gateway' || this.code === 'idempotency_in_progress'
  }
}

function isProblem(body: unknown): body is ProblemBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body
}
