/** What a reader chose for the pages, kept on this computer: language and colors, nothing of a person. */
type Setting = 'language' | 'colors'

export function setting(name: Setting): string | null {
  try {
    return localStorage.getItem(`realname.${name}`)
  } catch {
    return null // storage is blocked: the default holds
  }
}

export function keepSetting(name: Setting, value: string): void {
  try {
    localStorage.setItem(`realname.${name}`, value)
  } catch {
    // Storage is blocked: the choice holds until the page is left.
  }
}
