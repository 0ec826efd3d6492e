import type { Page, Topic } from './topic'

export const en: Record<Topic, Page> = {
  'legal-representative': {
    title: 'About authentication by the legal representative',
    sections: [
      {
        text: [
          "Authentication by the legal representative's identity document has four steps: " +
            'check the enterprise, check the legal representative, check the administrator, done. Its security ' +
            'level is medium.',
        ],
      },
      {
        heading: 'Step 1: check the enterprise',
        text: [
          "Give the enterprise's name, unified social credit code and organisation code (characters 9 to 17 of the " +
            "former) as on the business licence, and the legal representative's name and document.",
          'If your enterprise (or public institution) cannot be checked for some special reason, use the bank UKey ' +
            'or the China E-Port IC card (recommended).',
        ],
      },
      {
        heading: 'Step 2: check the legal representative',
        text: [
          'With a resident ID card, choose either ID card or bank card.',
          'With another document it goes by bank card by itself; use a personal bank card of the legal representative.',
          "With a passport, only one issued by the People's Republic of China may be given, never one issued abroad.",
        ],
      },
      {
        heading: 'Step 3: check the administrator',
        text: [
          "The identity of the account's holder (the administrator), in the same two ways. " +
            'Name and document must be those of the account; if the account is wrong, change it first under ' +
            '“Administrator information”.',
        ],
      },
      {
        heading: 'Tries and times',
        text: [
          'How often a step may fail, an account may fail in a day, and a method may be begun in a day is limited; ' +
            'the page shows the tries left, and until when the whole is to be finished. ' +
            'At a limit, begin anew at the time you are told, or use another method.',
        ],
      },
    ],
  },
  ctid: {
    title: 'About ID-card authentication and CTID',
    sections: [
      {
        text: [
          'ID-card authentication compares name, ID number and dates of validity with the records; ' +
            'it is for the resident ID card only.',
        ],
      },
      {
        heading: 'What is CTID',
        text: [
          "CTID is the trusted online credential of residents' identity. " +
            'Once opened with the CTID app on a phone, the ID card can be checked online.',
        ],
      },
      {
        heading: 'When the ID card was not confirmed',
        steps: [
          'Compare the dates with the back of the card (the side with the national emblem); ' +
            "if the card was renewed, use the new card's dates.",
          "Find and install the CTID app from the phone's app store.",
          'Open CTID in the app with your own ID card and your face.',
          'Then come back to this page and go on with the ID card.',
          'Or switch to the bank card.',
        ],
      },
    ],
  },
  dates: {
    title: 'Finding the dates on the ID card',
    sections: [
      {
        text: [
          'The dates are printed at the bottom of the side with the national emblem (the back), for example ' +
            '“2016.04.25-2036.04.25”. Give them as YYYYMMDD: from 20160425, until 20360425.',
        ],
      },
      {
        heading: 'Long-term',
        text: ['If the end says 长期 (long-term), enter eight zeros (00000000) or tick “long-term”.'],
      },
      {
        heading: 'Note',
        text: [
          'An ID card is valid for 5, 10 or 20 years, or long-term. ' +
            "If the card was renewed, the old card's dates do not pass.",
        ],
      },
    ],
  },
  'bank-ukey': {
    title: 'About the bank UKey',
    sections: [
      {
        text: [
          "You need the UKey of the enterprise's corporate bank account. " +
            'The banks that can be used are on the page where you choose one. The security level is high.',
        ],
      },
      {
        heading: 'Steps',
        steps: [
          'Choose your bank; its page opens.',
          "Insert the enterprise's UKey (of China Construction Bank: " +
            'the “跨境 e+” shield) and confirm the certificate.',
          'Check the enterprise name, social credit code and organisation code.',
          'Click 单一窗口企业实名认证 (Single Window enterprise real-name authentication), enter the UKey password ' +
            'and confirm.',
          'When the bank is done you come back to the result page by yourself.',
        ],
      },
      {
        heading: 'Questions',
        text: [
          "The bank's page does not open or does not see the UKey: " +
            "install the bank's control, and use the browser or computer that the bank names.",
          "Confirmed at the bank but no result yet: the bank's notice can take a moment; " +
            'the page updates by itself, and you find the result under “Authentication records” later.',
          "This method authenticates the enterprise; if the account's holder is not authenticated yet, you can go " +
            'on with that afterwards.',
        ],
      },
    ],
  },
  'ic-card': {
    title: 'About the China E-Port IC card',
    sections: [
      {
        text: [
          'With a China E-Port legal-person or operator card, a card reader and the E-Port client control. ' +
            'The security level is high; it is recommended.',
        ],
      },
      {
        heading: 'Steps',
        steps: [
          'Install and start the E-Port client control.',
          'Connect the reader and insert the card.',
          "When the page says that control and card are ready, enter the card's password and confirm.",
          'After success, sign out of all applications and sign in again.',
        ],
      },
      {
        heading: 'The password',
        text: [
          "The card's password is used by the control on this computer alone and never sent to the server. " +
            'Too many wrong ones lock the card; the card centre unlocks it.',
        ],
      },
      {
        heading: 'Questions',
        text: [
          'No connection to the control: make sure that it runs, then choose “Check again”.',
          'The reader cannot be reset: unplug reader and card and connect them again.',
          'A card that has expired, was revoked or belongs to another enterprise cannot be used; ' +
            'please turn to the card centre.',
        ],
      },
    ],
  },
  failures: {
    title: 'What usually causes a failure',
    sections: [
      {
        heading: 'Enterprise',
        steps: [
          'The name differs from the business licence.',
          'A recent change: it takes up to 15 working days to reach the data.',
          'The legal representative has changed.',
        ],
      },
      { heading: 'ID card', steps: ['The dates are those of an old card.', 'The name was changed recently.'] },
      {
        heading: 'Bank card',
        steps: [
          'The account was opened with a 15-digit ID number.',
          'The mobile number is not the one the bank has on record.',
          'The card is frozen or closed.',
          'It is not a UnionPay card.',
          'The card was opened within the last few days.',
        ],
      },
    ],
  },
}
