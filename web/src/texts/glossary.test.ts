import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { en as help } from '../help/en'
import personalData from './personaldata'
import { en } from '.'

/** Expressions and their replacements. The tests of the API's texts use the same file. */
const glossary = readFileSync('../shared/httpapi/testdata/glossary.txt', 'utf8')
  .split('\n')
  .map((line) => line.split('\t'))
  .filter((cells) => cells.length === 2)
  .map(([expression, instead]) => ({ word: new RegExp(expression!, 'i'), instead }))

/** "Login name" is the label of the field loginName. */
const exempt = /login names?/gi

const leaves = (node: unknown): string[] =>
  typeof node === 'string' ? [node] : Object.values(node as object).flatMap(leaves)

/** The sentences of a file that also contains other strings. */
const sentences = (path: string) => [...readFileSync(path, 'utf8').matchAll(/'[^'\n]* [^'\n]*'/g)].map((m) => m[0])

test('English texts keep to the glossary', () => {
  expect(glossary.length).toBeGreaterThanOrEqual(10)
  const texts = [...leaves(en), ...leaves(personalData.en), ...leaves(help), ...sentences('src/eport/trouble.ts')]
  expect(texts.length).toBeGreaterThan(400)
  const misused = texts.flatMap((text) =>
    glossary
      .filter(({ word }) => word.test(text.replace(exempt, '')))
      .map(({ word, instead }) => `${text}: say ${instead}, not ${word}`),
  )
  expect(misused).toEqual([])
})
