import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const deterministic =
  'The simulated computer must run alike on every host: no clock and no random number of the host may reach it.';

const clock = { selector: 'NewExpression[callee.name="Date"]', message: deterministic };

const kernelNames =
  'Read the kernel through src/computer/kernel-records.ts: the compiler knows its names, and a renamed one is an error.';
/** The ways to name something of the kernel's that the compiler would not look at. */
const unknownNames = [
  'MemberExpression[property.name=/^(kernelGlobal|callKernel)$/]',
  'CallExpression[callee.property.name=/^(fieldNamed|functionNamed)$/][arguments.0.type=/Literal/]',
  'CallExpression[callee.property.name="indexOf"][callee.object.property.name="fields"][arguments.0.type=/Literal/]',
  'BinaryExpression[left.object.property.name="shape"][left.property.name="name"][right.type="Literal"]',
].map((selector) => ({ selector, message: kernelNames }));

const html = {
  selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
  message: 'Text of a program is never HTML: use children.',
};

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'out/',
      '.cache/',
      '.vscode-test/',
      'src/language/generated/',
      'src/computer/kernel-layout.ts',
      'src/machine/generated/',
      'coverage/',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      // The formatter breaks code; comments are broken by hand, texts not at all.
      'max-len': [
        'error',
        { code: 120, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true, ignoreUrls: true },
      ],
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
      'no-restricted-syntax': ['error', clock],
    },
  },
  {
    files: ['src/{debugger,panel,cli,extension}/**/*.{ts,tsx}', 'test/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...unknownNames, html] },
  },
  {
    files: ['src/computer/**/*.ts'],
    ignores: ['src/computer/kernel-records.ts'],
    rules: { 'no-restricted-syntax': ['error', clock, ...unknownNames] },
  },
  {
    files: ['src/panel/**/*.{ts,tsx}'],
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
    files: ['{src,test,scripts}/**/*.{ts,tsx,mts}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
    },
  },
  // What an instruction assigns is read by the loop that the build puts it into.
  { files: ['src/machine/instructions/*.ts'], rules: { 'no-useless-assignment': 'off' } },
  { files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { files: ['test/**'], rules: { '@typescript-eslint/no-unused-expressions': 'off' } },
);
