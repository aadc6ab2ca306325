import assert from 'node:assert';
import { readFileSync } from 'node:fs';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

describe('TextMate grammar', () => {
  const grammar = JSON.parse(read('syntaxes/osim.tmLanguage.json')) as {
    patterns: Rule[];
    repository: Record<string, Rule>;
  };

  interface Rule {
    include?: string;
    match?: string;
    begin?: string;
    end?: string;
    patterns?: Rule[];
  }

  const rules: Rule[] = [];
  const collect = (rule: Rule): void => {
    rules.push(rule);
    rule.patterns?.forEach(collect);
  };
  [...grammar.patterns, ...Object.values(grammar.repository)].forEach(collect);

  it('includes only what is there, and leaves out nothing', () => {
    const included = new Set(rules.flatMap((rule) => (rule.include ? [rule.include.slice(1)] : [])));
    assert.deepStrictEqual([...included].sort(), Object.keys(grammar.repository).sort());
  });

  it('knows every word of the language', () => {
    const words = new Set(
      [
        ...read('src/language/osim.langium')
          .replace(/\/\/.*$/gm, '')
          .matchAll(/'([A-Za-z]+)'/g),
      ].map((match) => match[1]),
    );
    const patterns = rules.flatMap((rule) => [rule.match ?? '', rule.begin ?? '', rule.end ?? '']).join(' ');
    const known = new Set(patterns.replace(/\\[A-Za-z]/g, ' ').match(/[A-Za-z]+/g));
    assert.ok(words.size > 40);
    assert.deepStrictEqual(
      [...words].filter((word) => !known.has(word ?? '')),
      [],
    );
  });

  it('has regular expressions that are some', () => {
    for (const rule of rules)
      for (const pattern of [rule.match, rule.begin, rule.end]) if (pattern) new RegExp(pattern);
  });
});

describe('language configuration', () => {
  it('closes what it opens', () => {
    const { brackets, indentationRules } = JSON.parse(read('language-configuration.json')) as {
      brackets: [string, string][];
      indentationRules: { increaseIndentPattern: string; decreaseIndentPattern: string };
    };
    assert.deepStrictEqual(brackets.map((pair) => pair.join('')).sort(), ['()', '[]', '{}']);
    const increase = new RegExp(indentationRules.increaseIndentPattern);
    for (const line of ['process p {', '  if (x) {', '  case 1:', '  default:', '  print(1,'])
      assert.match(line, increase);
    for (const line of ['  print(1);', '  let s = { a: 1 };', '// like this {', '}'])
      assert.doesNotMatch(line, increase);
    assert.match('  }', new RegExp(indentationRules.decreaseIndentPattern));
  });
});
