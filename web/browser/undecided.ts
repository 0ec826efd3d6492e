/**
 * What axe leaves for a person to decide, by rule and reason. Each is decided once, here; a new one
 * fails the test that meets it.
 */
export const undecided: Record<string, string> = {
  'color-contrast/nonBmp':
    'Single signs such as ✓, ! and ↗. They are hidden from screen readers, and the words beside them have the same color.',
  'color-contrast/bgOverlap':
    'The number in the ring of the account page, text of a drawing: it is in the color of text, on the panel.',
  'color-contrast/elmPartiallyObscured':
    'A line at the edge of a dialog that scrolls. The same colors are decided where the line is whole.',
  'label-content-name-mismatch/label-content-name-mismatch':
    'The initial in the round button of the user menu stands for a picture of the user. Nobody says it to choose the button.',
}
