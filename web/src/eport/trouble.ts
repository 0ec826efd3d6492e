/**
 * A failure between the page and the card. Each kind has one remedy, which its text
 * names (docs/card-integration.md).
 *
 * - `not_running`: no program listens at the control's address
 * - `not_allowed`: the browser does not let this site reach this computer
 * - `lost`: the connection broke while a request was pending
 * - `too_slow`: the control did not answer in time
 * - `no_reader`, `no_card`: the control's report about the reader
 * - `wrong_pin`, `locked`: the card's report about the PIN
 * - `refused`: any other refusal by the control, in its own words
 * - `unreadable`: an answer that does not follow the control's protocol
 */
type CardTroubleKind =
  | 'not_running'
  | 'not_allowed'
  | 'lost'
  | 'too_slow'
  | 'no_reader'
  | 'no_card'
  | 'wrong_pin'
  | 'locked'
  | 'refused'
  | 'unreadable'

export type Language = 'zh-CN' | 'en'

/** Trouble with control, reader or card. It never contains the PIN. */
export class CardTrouble extends Error {
  readonly kind: CardTroubleKind
  /** The control's own code, such as Err:Custom50070. */
  readonly code: string | null
  /** The control's own words, in Chinese. */
  readonly said: string | null

  constructor(kind: CardTroubleKind, code: string | null = null, said: string | null = null) {
    super(code === null ? kind : `${kind} (${code})`)
    this.name = 'CardTrouble'
    this.kind = kind
    this.code = code
    this.said = said
  }

  /** The text for the user: what happened and what to do. */
  readable(language: Language): string {
    const text = words[language][this.kind]
    if (this.said === null || (this.kind !== 'refused' && this.kind !== 'wrong_pin')) return text
    return language === 'en' ? `${text} The control says: ${this.said}` : `${text}（${this.said}）`
  }
}

const words: Record<Language, Record<CardTroubleKind, string>> = {
  'zh-CN': {
    not_running: '未检测到电子口岸客户端控件，请安装并启动控件后重试。',
    not_allowed:
      '浏览器不允许本网站连接本机的控件。请点击地址栏左侧的图标，在网站设置中允许“本机应用”（或“本地网络”），然后点击“重新检测”。',
    lost: '与电子口岸客户端控件的连接已断开，请检查控件是否仍在运行，然后重试。',
    too_slow: '电子口岸客户端控件没有及时响应，请检查读卡器后重试。',
    no_reader: '读卡器复位失败，请检查读卡器是否连接、卡是否插好，重新插拔后重试。',
    no_card: '读卡器中没有检测到IC卡，请插入IC卡后重试。',
    wrong_pin: 'IC卡密码错误，请重新输入。多次输错将锁定IC卡。',
    locked: 'IC卡已锁定，请到电子口岸制卡中心解锁，或使用其他认证方式。',
    refused: '电子口岸客户端控件拒绝了本次操作，请重新插卡后重试。',
    unreadable: '电子口岸客户端控件的应答无法识别，请更新控件后重试。',
  },
  en: {
    not_running: 'We could not find the E-Port client control. Install and start it, and then try again.',
    not_allowed:
      'Your browser does not let this site connect to the client control on this computer. Select the icon to the left ' +
      'of the address, allow "Apps on device" (or "Local network") in the site settings, and then choose "Check again".',
    lost: 'The connection to the E-Port client control was interrupted. Check that it is still running, and then try again.',
    too_slow: 'The E-Port client control did not respond in time. Check the card reader, and then try again.',
    no_reader:
      'The card reader could not be reset. Check that it is connected and that the card is inserted. ' +
      'Unplug the reader, plug it in again, and then try again.',
    no_card: 'There is no card in the reader. Insert the IC card, and then try again.',
    wrong_pin: 'The IC card password is wrong. Enter it again. Several wrong passwords lock the card.',
    locked: 'The IC card is locked. Have it unlocked at an E-Port card center, or use another method.',
    refused: 'The E-Port client control refused this operation. Insert the card again, and then try again.',
    unreadable: 'We could not read the response of the E-Port client control. Update the control, and then try again.',
  },
}

/**
 * Reads the control's `Error`, a text and a code. Codes differ between versions of the control, so
 * a text that names the PIN also decides.
 */
export function refusal(error: readonly string[]): CardTrouble {
  const code = error.find((e) => /^Err:/i.test(e)) ?? null
  const said = error.find((e) => e !== code) ?? null
  return new CardTrouble(kindOf(code ?? '', said ?? ''), code, said)
}

function kindOf(code: string, said: string): CardTroubleKind {
  if (code === 'Err:Base60408') return 'not_running'
  if (code === 'Err:Custom50070' || /复位读卡器/.test(said)) return 'no_reader'
  if (/锁(定|死)|已锁/.test(said)) return 'locked'
  if (/(密码|口令|PIN).*(错|不正确|失败)/i.test(said)) return 'wrong_pin'
  if (/(没有|未检测到|无).*卡$|(没有|未检测到|无)卡/.test(said)) return 'no_card'
  return 'refused'
}
