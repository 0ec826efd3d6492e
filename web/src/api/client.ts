import createClient, { type Middleware } from 'openapi-fetch'
import { locale } from '../i18n'
import { IdempotencyKeys } from './idempotency'
import { Trouble } from './problem'
import type { components, paths } from './schema.gen'
import { signedOut, token } from './token'

export type Schemas = components['schemas']

const keys = new IdempotencyKeys()

const headers: Middleware = {
  async onRequest({ request }) {
    request.headers.set('Accept-Language', locale())
    const bearer = token()
    if (bearer && !request.url.endsWith('/v1/login')) request.headers.set('Authorization', `Bearer ${bearer}`)
    if (request.method === 'POST' && !request.url.endsWith('/v1/login')) {
      request.headers.set('Idempotency-Key', keys.keyFor(request.url, await request.clone().text()))
    }
    return request
  },
}

/**
 * The service that api/openapi.yaml describes. Addresses are relative to this origin: one host
 * serves pages and API.
 */
export const api = createClient<paths>({ baseUrl: location.origin, cache: 'no-store', credentials: 'omit' })
api.use(headers)

/** The difference of the service's clock to this computer's, in milliseconds; positive if the service is ahead. */
let clockOffset = 0

/** The service's time. Clocks of office computers may be hours off. */
export const serverNow = () => Date.now() + clockOffset

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Returns the body of an answer, or throws Trouble. */
export async function answerOf<T>(call: Promise<Answer<T>>): Promise<T> {
  return (await responseOf(call)).data
}

/** Like answerOf, but with the response, for callers that read its headers. An unchanged answer (304) has no data. */
export async function responseOf<T>(call: Promise<Answer<T>>): Promise<{ data: T; response: Response }> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch {
    throw Trouble.offline()
  }
  const { data, error, response } = answer
  const date = Date.parse(response.headers.get('Date') ?? '')
  if (date) clockOffset = date - Date.now()
  if (response.ok || response.status === 304) {
    keys.answered(response.url)
    return { data: data as T, response }
  }
  const trouble = Trouble.from(response, error)
  if (!trouble.unanswered) keys.answered(response.url)
  if (trouble.code === 'signed_out') signedOut()
  throw trouble
}
