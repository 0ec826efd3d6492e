import { computed, reactive, ref, shallowReactive, watch, type ComputedRef, type Ref } from 'vue'
import type { Trouble } from '../api/problem'
import { t } from '../i18n'
import { draft, draftChanged, dropDrafts } from './drafts'
import { ruleText, type Check } from './rules'

/** One field: its label, its value in the form that the server's rules use, and its check. */
export interface Field {
  label: () => string
  kind: () => string
  check: Check
  /** The rule of a valid value that only looks unusual. The user compares it with the document and confirms it. */
  unusual?: Check
  /** The pointer in the server's errors; by default `/name` of the field. */
  pointer?: string
  /** A hidden field is not checked. */
  shown?: () => boolean
}

/** An invalid field: the ID of its input, its label and what is wrong. */
export interface FieldFault {
  id: string
  label: string
  message: string
}

export interface Form<Name extends string> {
  id: (name: Name) => string
  values: Record<Name, string>
  /** The error that the field shows now, with its usual causes if the service names them. */
  error: (name: Name) => string | null
  visit: (name: Name) => void
  /** Why the value of the field needs a confirmation, or null. */
  unusual: (name: Name) => string | null
  /** Whether the user has confirmed the value that the field has now. */
  isConfirmed: (name: Name) => boolean
  markConfirmed: (name: Name, yes: boolean) => void
  /** The member `confirmed` of the request, if there is something to confirm. */
  confirmed: <Pointer extends string>() => { confirmed?: Pointer[] }
  /** Whether these fields are valid. Invalid ones show their error. */
  right: (names: readonly Name[]) => boolean
  /** The entries of the summary: after an attempt to submit, every invalid field. */
  summary: ComputedRef<FieldFault[]>
  tries: Ref<number>
  /** Shows every error. Returns true if there is none. */
  submittable: () => boolean
  /** Shows the field errors of a refusal. Returns true if there were any. */
  takeErrors: (trouble: Trouble) => boolean
  /** The service has accepted the input, so the form has no unsent input left. */
  sent: () => void
}

/** Rules that incomplete input breaks. The form does not show them before the user leaves the field. */
const unfinished = new Set(['empty', 'length', 'format', 'date', 'unconfirmed'])

/**
 * A form that checks its fields while the user types, by the server's own rules. It keeps the
 * values as a draft in memory under its name.
 */
export function useForm<Name extends string>(
  formName: string,
  fields: Record<Name, Field>,
  first: () => Record<Name, string>,
): Form<Name> {
  const names = Object.keys(fields) as Name[]
  const values = reactive(draft(formName, first)) as Record<Name, string>
  const visited = shallowReactive(new Set<Name>())
  /** What the service said about a field, in the language of the moment. */
  const refused = shallowReactive(new Map<Name, () => string>())
  /** The usual causes of a refused field, if the service names them. */
  const causes = shallowReactive(new Map<Name, () => readonly string[]>())
  /** The value of each field that the user has confirmed. Another value needs a confirmation of its own. */
  const confirmed = shallowReactive(new Map<Name, string>())
  /** The value and the text of each field that the service asked to confirm. */
  const asked = shallowReactive(new Map<Name, { value: string; message: () => string }>())
  const tries = ref(0)
  const id = (name: Name) => `${formName.replace(/[^a-zA-Z0-9]+/g, '-')}-${name}`

  watch(values, (now) => draftChanged(formName, now))
  for (const name of names)
    watch(
      () => values[name],
      () => refused.delete(name),
    )

  const shown = (name: Name) => fields[name].shown?.() ?? true
  const pointer = (name: Name) => fields[name].pointer ?? `/${name}`

  function unusual(name: Name): string | null {
    if (!shown(name) || fields[name].check(values[name])) return null
    const rule = fields[name].unusual?.(values[name])
    if (rule) return ruleText(fields[name].kind(), rule)
    const server = asked.get(name)
    return server?.value === values[name] ? server.message() : null
  }

  const isConfirmed = (name: Name) => confirmed.get(name) === values[name]

  function broken(name: Name): string | null {
    if (!shown(name)) return null
    return fields[name].check(values[name]) ?? (unusual(name) && !isConfirmed(name) ? 'unconfirmed' : null)
  }

  function message(name: Name): string | null {
    const server = refused.get(name)
    if (server) return server()
    const rule = broken(name)
    return rule && ruleText(fields[name].kind(), rule)
  }

  function error(name: Name): string | null {
    const rule = broken(name)
    const early = !visited.has(name) && tries.value === 0
    if (rule && early && unfinished.has(rule)) return null
    const text = message(name)
    const why = refused.has(name) ? (causes.get(name)?.() ?? []) : []
    return text && [text, ...why].join(t('shell.sentenceSeparator'))
  }

  function right(some: readonly Name[]): boolean {
    const wrong = some.filter((name) => broken(name) !== null)
    for (const name of wrong) visited.add(name)
    return wrong.length === 0
  }

  const summary = computed(() => {
    if (tries.value === 0) return []
    return names.flatMap((name) => {
      const text = message(name)
      return text ? [{ id: id(name), label: fields[name].label(), message: text }] : []
    })
  })

  return {
    id,
    values,
    error,
    right,
    summary,
    tries,
    visit: (name) => {
      if (values[name] !== '') visited.add(name)
    },
    unusual,
    isConfirmed,
    markConfirmed(name, yes) {
      if (yes) confirmed.set(name, values[name])
      else confirmed.delete(name)
    },
    confirmed<Pointer extends string>() {
      const pointers = names
        .filter((name) => unusual(name) && isConfirmed(name))
        .map((name) => pointer(name) as Pointer)
      return pointers.length > 0 ? { confirmed: pointers } : {}
    },
    submittable() {
      refused.clear()
      causes.clear()
      tries.value++
      return names.every((name) => broken(name) === null)
    },
    takeErrors(trouble) {
      for (const e of trouble.problem?.errors ?? []) {
        const name = names.find((n) => pointer(n) === e.pointer)
        if (!name) continue
        const said = () => trouble.said?.errors?.find((o) => o.pointer === e.pointer && o.rule === e.rule) ?? e
        const message = () => said().message
        if (trouble.code === 'confirmation_needed') asked.set(name, { value: values[name], message })
        else {
          refused.set(name, message)
          causes.set(name, () => said().causes ?? [])
        }
      }
      const code = names.find((n) => n === 'smsCode')
      if (code && trouble.code === 'sms_code_wrong') {
        // The field says it with the guesses that this code has left.
        const n = trouble.problem?.attemptsLeft
        refused.set(code, () => `${trouble.said?.detail}${n === undefined ? '' : t('trouble.guessesLeft', { n })}`)
      }
      return refused.size > 0 || trouble.code === 'confirmation_needed'
    },
    sent: () => dropDrafts(formName),
  }
}
