import type { Page, Topic } from './topic'

export const en: Record<Topic, Page> = {
  'legal-representative': {
    title: "About verification by the legal representative's identity",
    sections: [
      {
        text: [
          "Verification by the legal representative's ID document has four steps: verify the enterprise, verify the " +
            'legal representative, verify the administrator, done. The security level is medium.',
        ],
      },
      {
        heading: 'Step 1: verify the enterprise',
        text: [
          "Enter the enterprise's name, unified social credit code and organization code (characters 9 to 17 of the " +
            "unified social credit code) as on the business license, and the legal representative's name and ID " +
            'document.',
          'If we cannot check your enterprise (or public institution) for a special reason, use the bank UKey or the ' +
            'China E-Port IC card (recommended).',
        ],
      },
      {
        heading: 'Step 2: verify the legal representative',
        text: [
          'If the legal representative has a resident ID card, choose the check by ID card or by bank card.',
          'For any other ID document, the check by bank card opens automatically. Use a personal bank card of the ' +
            'legal representative.',
          "For a passport, enter only one issued by the People's Republic of China. Passports issued abroad are not " +
            'accepted.',
        ],
      },
      {
        heading: 'Step 3: verify the administrator',
        text: [
          'Verify the identity of the account holder (the administrator) by the same two checks. The name and the ID ' +
            'document must match the account. If the account is wrong, change it first under “Administrator ' +
            'information”.',
        ],
      },
      {
        heading: 'Attempts and time limits',
        text: [
          'There is a limit to failed attempts in each step, to failed attempts of each account in a day, and to ' +
            'starts of each method in a day. The page shows the attempts left. Complete the verification before the ' +
            'time shown on the page. If you reach a limit, start again at the time shown, or use another method.',
        ],
      },
    ],
  },
  ctid: {
    title: 'About the check by ID card and CTID',
    sections: [
      {
        text: [
          'The check by ID card compares the name, the ID number and the validity dates with the records. ' +
            'It supports resident ID cards only.',
        ],
      },
      {
        heading: 'What is CTID',
        text: [
          "CTID is the trusted online credential of residents' identity. " +
            'After you activate it with the CTID app on a phone, your ID card can be checked online.',
        ],
      },
      {
        heading: 'If the check by ID card does not pass',
        steps: [
          'Compare the dates with the back of the card (the side with the national emblem). ' +
            'If the card was renewed, use the dates of the new card.',
          "Find the CTID app in your phone's app store and install it.",
          'Follow the app to activate CTID with your own ID card and face recognition.',
          'Return to this page and continue the check by ID card.',
          'You can also switch to the check by bank card.',
        ],
      },
    ],
  },
  dates: {
    title: 'Find the validity dates on the ID card',
    sections: [
      {
        text: [
          'The dates are printed at the bottom of the side with the national emblem (the back), for example ' +
            '“2016.04.25-2036.04.25”. Enter them as YYYYMMDD: valid from 20160425, valid until 20360425.',
        ],
      },
      {
        heading: 'Long-term cards',
        text: ['If the end date reads 长期 (long-term), enter eight zeros (00000000) or check “long-term”.'],
      },
      {
        heading: 'Note',
        text: [
          'An ID card is valid for 5, 10 or 20 years, or long-term. ' +
            'If the card was renewed, the dates of the old card do not pass.',
        ],
      },
    ],
  },
  'bank-ukey': {
    title: 'About verification by bank UKey',
    sections: [
      {
        text: [
          "You need the UKey of the enterprise's corporate bank account. " +
            'The page where you choose a bank shows the supported banks. The security level is high.',
        ],
      },
      {
        heading: 'Steps',
        steps: [
          "Choose your bank. The bank's verification page opens.",
          "Insert the enterprise's UKey (at China Construction Bank, the “跨境 e+” UKey) and confirm the certificate.",
          'Check the enterprise name, the social credit code and the organization code.',
          'Click 单一窗口企业实名认证 (Single Window enterprise real-name verification), enter the UKey password ' +
            'and confirm.',
          'When the bank has finished, you return to the result page automatically.',
        ],
      },
      {
        heading: 'Common problems',
        text: [
          "The bank's page does not open or does not recognize the UKey: install the bank's client control, and use " +
            'the browser or computer that the bank recommends.',
          "You confirmed at the bank but the result has not changed: the bank's notification can take a moment. The " +
            'page updates automatically, and you can find the result later under “Verification records”.',
          'This method verifies the enterprise. If the account holder is not verified yet, you can continue with ' +
            'that afterwards.',
        ],
      },
    ],
  },
  'ic-card': {
    title: 'About verification by China E-Port IC card',
    sections: [
      {
        text: [
          'You need a China E-Port legal-person or operator card, a card reader and the E-Port client control. ' +
            'The security level is high. We recommend this method.',
        ],
      },
      {
        heading: 'Steps',
        steps: [
          'Install and start the E-Port client control.',
          'Connect the card reader and insert the IC card.',
          'When the page shows that the client control and the card are ready, enter the IC card password and confirm.',
          'After the verification succeeds, sign out of all applications and sign in again.',
        ],
      },
      {
        heading: 'The password',
        text: [
          'Only the client control on this computer uses the IC card password. It is never sent to the server. ' +
            'Several wrong passwords in a row lock the card. The card center can unlock it.',
        ],
      },
      {
        heading: 'Common problems',
        text: [
          'The page cannot connect to the client control: make sure that the control is running, and then choose ' +
            '“Check again”.',
          'If your browser asks whether this site may connect to apps on this computer, select “Allow”. If you blocked it ' +
            'before, select the icon to the left of the address and allow “Apps on device” (or “Local network”) in the ' +
            'site settings.',
          'The card reader cannot be reset: unplug the reader and the card, and connect them again.',
          'A card that has expired, is revoked or belongs to another enterprise cannot be used. ' +
            'Please contact the card center.',
        ],
      },
    ],
  },
  failures: {
    title: 'Common causes of a failed check',
    sections: [
      {
        heading: 'Enterprise',
        steps: [
          'The enterprise name differs from the business license.',
          'A recent change can take up to 15 working days to appear in the data.',
          'The legal representative has changed.',
        ],
      },
      { heading: 'ID card', steps: ['The dates are from an old ID card.', 'The name was changed recently.'] },
      {
        heading: 'Bank card',
        steps: [
          'The account was opened with a 15-digit ID number.',
          'The mobile number is not the one on record at the bank.',
          'The card is frozen or closed.',
          'The card is not a UnionPay card.',
          'The card was opened within the last few days.',
        ],
      },
    ],
  },
}
