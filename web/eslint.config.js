import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import { defineConfig, globalIgnores } from 'eslint/config'
import typescript from 'typescript-eslint'

export default defineConfig(
  globalIgnores(['dist', 'src/api/schema.gen.ts']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  typescript.configs.recommended,
  vue.configs['flat/recommended'],
  // Prettier lays out the code.
  vue.configs['no-layout-rules'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    // A form is shared with the fields it is passed to: they write its values, and never replace it.
    rules: { 'vue/no-mutating-props': ['error', { shallowOnly: true }] },
  },
  // The compiler knows which names exist.
  { files: ['**/*.ts', '**/*.vue'], rules: { 'no-undef': 'off' } },
  { files: ['budget.mjs'], languageOptions: { globals: { console: 'readonly', process: 'readonly' } } },
)
