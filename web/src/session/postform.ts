import { dropDrafts } from '../form/drafts'

/**
 * Leaves for another site with a form, as a signed hand-over requires. The browser then does not
 * ask about unsent fields of another method.
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
