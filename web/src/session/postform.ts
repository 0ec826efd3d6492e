import { dropDrafts } from '../form/drafts'

/**
 * Leaves for another site by a form, as a signed hand-over has to; whoever chose that is not asked
 * about another method's fields.
 */
export function postForm(url: string, fields: Record<string, string>): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = url
  form.acceptCharset = 'utf-8'
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  dropDrafts()
  document.body.append(form)
  form.submit()
}
