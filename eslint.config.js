import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const deterministic =
  'The simulated computer must run alike on every host: no clock and no random number of the host may reach it.';

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.cache/', '.vscode-test/', 'src/language/generated/', 'coverage/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    files: ['src/{machine,computer,compiler}/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: deterministic },
        { object: 'Math', property: 'random', message: deterministic },
        { object: 'performance', property: 'now', message: deterministic },
      ],
      'no-restricted-syntax': ['error', { selector: 'NewExpression[callee.name="Date"]', message: deterministic }],
    },
  },
  {
    files: ['src/panel/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text of a program is never HTML: use textContent.' },
        { property: 'outerHTML', message: 'Text of a program is never HTML: use textContent.' },
        { property: 'insertAdjacentHTML', message: 'Text of a program is never HTML: use textContent.' },
      ],
    },
  },
  {
    // Rules that ask the compiler for types. The cache of `npm run check` looks at a file's own text: when a function
    // elsewhere becomes async, its unchanged callers are looked at again only where nothing is remembered, as in CI.
    files: ['{src,test,scripts}/**/*.{ts,mts}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
    },
  },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['test/**'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
);
