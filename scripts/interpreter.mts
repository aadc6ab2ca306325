/**
 * The interpreter's one function: `npx tsx scripts/interpreter.mts FINGERPRINT` writes
 * src/machine/generated/interpreter.ts, of the loop and the instructions in src/machine/instructions, and with a case
 * for each fused form: what its instructions do, one after the other.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import ts from 'typescript';
import { OPCODES, type OpcodeName } from '../src/isa/isa.js';
import { FUSED, INTERNAL } from '../src/machine/internal-opcodes.js';
import { FUSED_FORMS, ON_RESULT } from '../src/machine/fused-forms.js';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const OUTPUT = path.join(root, 'src/machine/generated/interpreter.ts');

/** How the instructions name their register `a`. */
const REGISTER_A = 'slots[fp + code[pc + 1]]';

/** A file that contributes text, but for `running.ts`, which only describes the loop's variables. */
interface Part {
  name: string;
  source: ts.SourceFile;
}

/** The text of generated/interpreter.ts, of the files in a folder by name. */
export async function interpreter(files: Readonly<Record<string, string>>): Promise<string> {
  const parts = Object.entries(files)
    .filter(([name]) => name !== 'running.ts')
    .map(([name, text]): Part => ({ name, source: ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true) }));
  const loop = parts.find(({ name }) => name === 'loop.ts');
  if (!loop) throw new Error('there is no loop.ts');
  const clauses = parts.filter((part) => part !== loop).flatMap(({ source }) => clausesOf(source));
  const cases = [
    ...clauses.map((clause) => clause.getText()),
    ...FUSED_FORMS.map((form, i) => fusedCase(FUSED[i].name, form, clauses)),
    'default: throw new Error(`bad opcode ${code[pc]} at ${pc}`);',
  ];
  const text = [
    '// Made by `npm run build` and `npm run check` (scripts/interpreter.mts) from src/machine/instructions. Not to be edited.',
    ...importsOf(parts),
    ...parts.flatMap(({ source }) => constantsOf(source)),
    opcodeEnum(),
    loopWith(loop.source, cases.join('\n')),
  ].join('\n');
  return format(text.replaceAll('OPCODE.', 'Op.'), { parser: 'typescript', printWidth: 120, singleQuote: true });
}

/** The loop's function, with the cases in its switch. */
function loopWith(source: ts.SourceFile, cases: string): string {
  const execute = source.statements.find(ts.isFunctionDeclaration);
  const [block] = all(source, ts.isCaseBlock);
  if (!execute || !block) throw new Error('loop.ts: no function with a switch');
  const whole = source.text;
  return `${whole.slice(execute.getFullStart(), block.getStart())}{\n${cases}\n}${whole.slice(block.end, execute.end)}`;
}

/** The clauses of the one switch in a file of instructions. */
function clausesOf(source: ts.SourceFile): ts.CaseClause[] {
  const [block, ...more] = all(source, ts.isCaseBlock);
  if (!block || more.length > 0) throw new Error(`${source.fileName}: one switch is wanted`);
  return block.clauses.filter(ts.isCaseClause);
}

/** A case that does what the cases of some instructions do, while instructions are left. */
function fusedCase(name: string, form: readonly OpcodeName[], clauses: readonly ts.CaseClause[]): string {
  const bodies = form.map((opcode) => {
    const clause = clauses.find(({ expression }) => expression.getText() === `OPCODE.${opcode}`);
    if (!clause || clause.statements.length === 0) throw new Error(`${name}: ${opcode} has no case of its own`);
    const [block] = clause.statements;
    return ts.isBlock(block) ? [...block.statements] : [...clause.statements];
  });
  const last = textOf(bodies.pop() ?? []);
  const steps = bodies.map((body, i) => {
    const before = body.slice(0, -1);
    const leaves = before.some((statement) => all(statement, isExit).length > 0);
    if (leaves || !ts.isContinueStatement(body[body.length - 1]))
      throw new Error(`${name}: ${form[i]} does not always go on to the next instruction`);
    return `{ ${textOf(before)} }\nif (left <= 0) continue;\nleft--;`;
  });
  if (!ON_RESULT.has(name)) return `case OPCODE.${name}: {\n${steps.join('\n')}\n{ ${last} }\n}`;
  // The register is set as ever; the last instruction takes the value from a variable.
  const set = steps.join('\n').replaceAll(`${REGISTER_A} = `, `${REGISTER_A} = result = `);
  return `case OPCODE.${name}: {\nlet result;\n${set}\n{ ${last.replaceAll(REGISTER_A, 'result')} }\n}`;
}

function isExit(node: ts.Node): node is ts.Node {
  return ts.isContinueStatement(node) || ts.isBreakStatement(node) || ts.isReturnStatement(node);
}

function textOf(statements: readonly ts.Statement[]): string {
  return statements.map((statement) => statement.getFullText()).join('');
}

/**
 * All imports of the parts, each name once, as a type if that is all it is for. The parts lie as deep as what is made
 * of them.
 */
function importsOf(parts: readonly Part[]): string[] {
  const imports = new Map<string, boolean>();
  const add = (what: string, isType: boolean): void => void imports.set(what, isType && (imports.get(what) ?? true));
  const declarations = parts.flatMap(({ source }) => source.statements.filter(ts.isImportDeclaration));
  for (const { importClause, moduleSpecifier } of declarations) {
    const from = moduleSpecifier.getText();
    const bindings = importClause?.namedBindings;
    if (!bindings || from === `'./running.js'` || from === `'../internal-opcodes.js'`) continue;
    if (ts.isNamespaceImport(bindings)) add(`${bindings.getText()} from ${from};`, false);
    else
      for (const name of bindings.elements)
        add(`{ ${name.name.text} } from ${from};`, importClause.isTypeOnly || name.isTypeOnly);
  }
  return [...imports].map(([what, isType]) => `import ${isType ? 'type ' : ''}${what}`).sort();
}

function constantsOf(source: ts.SourceFile): string[] {
  return source.statements.filter(ts.isVariableStatement).map((statement) => statement.getFullText());
}

/** Literals: only a switch over these becomes a jump table. */
function opcodeEnum(): string {
  const names = [...OPCODES.map(([name]) => name), ...Object.keys(INTERNAL), ...FUSED.map(({ name }) => name)];
  return `const enum Op { ${names.join(', ')} }`;
}

function all<Found extends ts.Node>(node: ts.Node, is: (node: ts.Node) => node is Found): Found[] {
  const found: Found[] = is(node) ? [node] : [];
  ts.forEachChild(node, (child) => void found.push(...all(child, is)));
  return found;
}

/** The files of src/machine/instructions, by name. */
export function instructionFiles(): Record<string, string> {
  const folder = path.join(root, 'src/machine/instructions');
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  return Object.fromEntries(names.sort().map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

const [script, fingerprint] = process.argv.slice(1);
if (script === fileURLToPath(import.meta.url) && fingerprint) {
  const text = await interpreter(instructionFiles());
  mkdirSync(path.dirname(OUTPUT), { recursive: true });
  writeFileSync(OUTPUT, `// ${fingerprint}\n${text}`);
}
