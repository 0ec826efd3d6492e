import { allDigits, byteLength } from './rule'

/** Repeats a step until it changes nothing: what a removed character kept apart can combine. */
function settled(step: (s: string) => string): (s: string) => string {
  return (s) => {
    for (;;) {
      const next = step(s)
      if (next === s) return s
      s = next
    }
  }
}

const directionMark = '\\p{Bidi_Control}'
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu
const invisibleInText = new RegExp(`(?!${directionMark})${invisible.source}`, 'gu')
const space = '[\\s\\u0085]'
const spaces = new RegExp(space, 'gu')
const dashes = '\\-‐‑‒–—―⁃−─﹘﹣－'
const dash = new RegExp(`[${dashes}]`, 'gu')

/**
 * The form in which a code is stored and shown: without compatibility forms (NFKC), in capitals,
 * without spaces, dashes and invisible characters.
 */
export const normalizeCode = settled((s) =>
  s
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(spaces, '')
    .replace(dash, '')
    .replace(/[a-z]/g, (c) => c.toUpperCase()),
)

/** normalizeCode without brackets, dots and the country code: (+86), +86, 0086 or 86. */
export function normalizeMobile(s: string): string {
  const code = normalizeCode(s).replace(/[().·/]/g, '')
  for (const prefix of ['+86', '0086', '86']) {
    if (code.startsWith(prefix) && byteLength(code.slice(prefix.length)) === 11) return code.slice(prefix.length)
  }
  return code
}

/** normalizeCode, and a code that is given twice in a row counts once: some phones fill it in twice. */
export function normalizeSmsCode(s: string): string {
  const code = normalizeCode(s)
  return code.length === 12 && allDigits(code) && code.slice(0, 6) === code.slice(6) ? code.slice(0, 6) : code
}

const han = '\\p{Script=Han}'
/** Full stops, which keyboards offer for the middle dot. */
const stops = '.．﹒․。｡︒'
/** The middle dot and what looks like it. */
const dots = /[·•‧・･˙⸱⸳ㆍꞏ·∙⋅●⦁⚫⬤᛫ᐧ𐄁]/gu
const openBrackets = '(（﹙⁽[［【〔〖﹝{｛〘〚'
const closeBrackets = ')）﹚⁾\\]］】〕〗﹞}｝〙〛'
const wideBrackets = '（﹙⁽［【〔〖﹝｛〘〚）﹚⁾］】〕〗﹞｝〙〛'
const stopBetweenIdeographs = new RegExp(`(?<=${han})[${stops}](?=${space}*${han})`, 'gu')
const looseSpace = new RegExp(`(?<=[${han}·${wideBrackets}])${space}+|${space}+(?=[${han}·${wideBrackets}])`, 'gu')
const someHan = new RegExp(han, 'u')
const dotAfterNFKC = new RegExp(`(?<=${han})${space}*\\u0307|${space}+\\u0307`, 'gu')

/**
 * The display form of the name of a person or an enterprise, in which it is stored and shown: what
 * the document says, without what typing and old encodings did to it. See shared/idcode.
 */
export const normalizeName = settled((s) => {
  const name = s
    .replace(invisibleInText, '')
    .replace(/[０-９Ａ-Ｚａ-ｚ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(dots, '·')
    .replace(/[\u2f00-\u2fd5]/g, (c) => c.normalize('NFKC'))
    .replace(/[\ue815-\ue864]/g, (c) => twins[c.charCodeAt(0) - 0xe815]!)
    .normalize('NFC')
    .replace(dotAfterNFKC, '·')
    .replace(stopBetweenIdeographs, '·')
    .replace(new RegExp(`${space}+`, 'gu'), ' ')
    .replace(/^ | $/g, '')
  const bracketed = someHan.test(name) ? name.replace(/\(/g, '（').replace(/\)/g, '）') : name
  return bracketed.replace(looseSpace, '')
})

const folds: [RegExp, string][] = [
  [dots, '·'],
  [new RegExp(`[${stops}]`, 'gu'), '·'],
  [dash, '-'],
  [/["“”„‟″〝〞〟＂「」『』﹁﹂﹃﹄｢｣]/gu, '"'],
  [/['‘’‚‛′‵`´ʹʻʼʽˈˊˋ՚ꞌ＇｀]/gu, "'"],
  [new RegExp(`[${openBrackets.replace('[', '\\[')}]`, 'gu'), '('],
  [new RegExp(`[${closeBrackets}]`, 'gu'), ')'],
  [/[《〈«‹≪⟨⟪]/gu, '《'],
  [/[》〉»›≫⟩⟫]/gu, '》'],
  [/[〇○◯⚪⭕]/gu, '〇'],
]
const fold = (s: string) => folds.reduce((t, [from, to]) => t.replace(from, to), s)

/** The comparison form of a name. Two names are the same if their comparison forms are equal. */
export const nameKey = settled((s) => {
  const name = normalizeName(s)
  if (isUnnamed(name)) return '*'
  return fold(fold(name).normalize('NFKC').toUpperCase()).replace(spaces, '').replace(/-+/g, '-')
})

export const sameName = (a: string, b: string): boolean => nameKey(a) === nameKey(b)

/** Reports whether a name has asterisks only, as the licence of a sole trader without a name. */
export const isUnnamed = (s: string): boolean => /^[*＊]+$/.test(s)

/** The standard characters of the private-use codes U+E815–E864, in order. See shared/idcode/twin.go. */
const twins = [
  '⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟',
  '㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱',
  '䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟',
  '䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻',
].flatMap((line) => [...line])
