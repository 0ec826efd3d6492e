/**
 * Reports whether a bank's logo is a picture of this site. The Content-Security-Policy allows no
 * other: such a bank is shown by its name.
 */
export function ofSite(logo: string, origin: string): boolean {
  return (logo.startsWith('/') && !logo.startsWith('//')) || logo.startsWith(`${origin}/`)
}
