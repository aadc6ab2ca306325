/** What a hover, a completion and a signature help say about a name. */
import { PROMISED_CALLS } from '../calls.js';
import type { ConstantValue } from '../constant.js';
import { docAt, type Doc, type DocError } from '../doc-comments.js';
import { isFunction, signatureOf, type LibraryEntry } from '../library.js';
import type { Binding } from '../bindings.js';
import { rangeOf } from '../parse.js';
import { settingRange, settingShape } from '../settings.js';
import { virtualUri } from './places.js';

/**
 * A page about a library name: signature, what it does, what it returns, errors, whether it blocks, where it is made.
 */
export function entryPage(entry: LibraryEntry): string {
  const parts = [code(entryTitle(entry))];
  if (entry.doc) parts.push(...docParts(entry.doc));
  const source = entry.file === '' ? undefined : fileOf(entry.file);
  if (source && isFunction(entry)) parts.push(`*${source}*`);
  return parts.join('\n\n');
}

export function entryTitle(entry: LibraryEntry): string {
  switch (entry.kind) {
    case 'fn':
      return `fn ${signatureOf(entry)}`;
    case 'extern':
      return `${entry.audience === 'kernel' ? 'intrinsic' : 'fn'} ${signatureOf(entry)}`;
    case 'const':
    case 'enum-member':
      return `const ${entry.name}${entry.value === undefined ? '' : ` = ${shownValue(entry.value)}`}`;
    case 'struct':
      return `struct ${entry.name} { ${(entry.params ?? []).map((field) => `${field.name};`).join(' ')} }`;
    case 'enum':
      return `enum ${entry.name}`;
    case 'global':
      return `var ${entry.name}`;
  }
}

function shownValue(value: ConstantValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'number' && value > 9 ? `${value} (0x${value.toString(16)})` : String(value);
}

function docParts(doc: Doc): string[] {
  const parts = [doc.summary];
  if (doc.details) parts.push(doc.details);
  if (doc.returns) parts.push(`**Returns** ${doc.returns}`);
  if (doc.errors && doc.errors.length > 0) parts.push(`**Errors**\n\n${doc.errors.map(errorLine).join('\n')}`);
  if (doc.blocks) parts.push(`**Blocks** ${doc.blocks}`);
  if (doc.kernel) parts.push(`**In the kernel** ${kernelLinks(doc.kernel)}`);
  return parts;
}

function errorLine({ name, when }: DocError): string {
  return `- \`${name}\`${when === undefined ? '' : `: ${when}`}`;
}

function kernelLinks(files: string): string {
  return files.replace(
    /\b[\w/]+\.osim\b/g,
    (file) => `[${file.slice(file.lastIndexOf('/') + 1)}](osim-kernel:/${file})`,
  );
}

function fileOf(path: string): string {
  const uri = virtualUri(path);
  return `[${uri.slice(uri.lastIndexOf('/') + 1)}](${uri})`;
}

/** The page of whatever a name means. */
export function bindingPage(binding: Binding): string {
  if (binding.kind === 'library') return entryPage(binding.entry);
  const { declaration, file } = binding;
  const parts = [code(declarationTitle(binding))];
  const doc = binding.kind === 'local' ? undefined : docAt(file.text, rangeOf(declaration).from.offset);
  if (doc) parts.push(...docParts(doc));
  return parts.join('\n\n');
}

/** A declaration's first line: without its body. */
function declarationTitle(binding: Exclude<Binding, { kind: 'library' }>): string {
  const text = binding.declaration.$cstNode?.text ?? '';
  const isMember = binding.declaration.$type === 'EnumMember';
  if (binding.declaration.$type === 'Parameter') return `(parameter) ${text}`;
  if (binding.declaration.$type === 'LoopVariable') return `(loop variable) ${text}`;
  if (isMember) return `${(binding.declaration.$container as { name?: string }).name}.${text}`;
  const head = /^(?:process|program|remote|fn|extern)/.test(text) ? text.replace(/\s*\{[\s\S]*$/, '') : text;
  return head.length > 300 ? `${head.slice(0, 300)}…` : head;
}

/** The page of a promised call that is not there yet. */
export function promisedPage(name: string): string | undefined {
  const call = PROMISED_CALLS.get(name);
  return (
    call && `${code(`fn ${call.signature}`)}\n\n${call.summary}\n\n*Not in this kernel yet: a call fails with ENOSYS.*`
  );
}

export function settingPage(name: string): string | undefined {
  const shape = settingShape(name);
  if (!shape) return undefined;
  if (shape.kind === 'word')
    return `${code(`${name} = ${shape.words[0]};`)}\n\n${shape.about}: ${shape.words.join(', ')}.`;
  return `${code(`${name} = ${shape.min};`)}\n\nA number of ${shape.about}, ${settingRange(shape)}.`;
}

function code(text: string): string {
  return `\`\`\`osim\n${text}\n\`\`\``;
}
