/**
 * What a struct's comments say: of the struct, above or behind it; of a field, behind it. A comment on a line of its
 * own heads a group of fields: `// Files`, or `// Limits: never changed, only replaced`. One that is indented further
 * goes on with the comment above.
 */
import { docAt } from './doc-comments.js';
import type { Struct } from './generated/ast.js';

export interface FieldDoc {
  /** The heading that it stands under. */
  readonly group?: string;
  readonly comment?: string;
}

export interface StructDoc {
  readonly comment?: string;
  /** In order of declaration. */
  readonly fields: ReadonlyMap<string, FieldDoc>;
}

/** `text` is the text of the struct's file. */
export function structDoc(struct: Struct, text: string): StructDoc {
  const { offset = 0, end = 0 } = struct.$cstNode ?? {};
  const fields = new Map<string, { group?: string; comment?: string }>();
  let group: string | undefined;
  let about = '';
  let last: { comment?: string } | undefined;
  let next = 0;
  for (let from = text.lastIndexOf('\n', offset) + 1; from < end; from = lineEnd(text, from) + 1) {
    const to = lineEnd(text, from);
    const own = /^( *)\/\/+ ?(.*)$/.exec(text.slice(from, to));
    if (own) {
      const [, indent = '', words = ''] = own;
      if (last?.comment !== undefined && indent.length > FIELD_INDENT) {
        last.comment += ` ${words}`;
      } else {
        [group, about] = heading(words);
        last = undefined;
      }
      continue;
    }
    let behind = from;
    let count = 0;
    for (let field = struct.fields[next]; field && (field.$cstNode?.end ?? 0) <= to; field = struct.fields[++next]) {
      last = { ...(group !== undefined && { group }), ...(about !== '' && { comment: about }) };
      fields.set(field.name, last);
      about = '';
      behind = field.$cstNode?.end ?? from;
      count++;
    }
    const comment = /^\s*\/\/\s*(.*?)\s*$/.exec(text.slice(behind, to))?.[1];
    if (count === 1 && last && comment !== undefined) last.comment = comment;
  }
  const comment = docAt(text, offset)?.summary ?? /^\s*\/\/\s*(.*?)\s*$/.exec(text.slice(end, lineEnd(text, end)))?.[1];
  return { ...(comment !== undefined && { comment }), fields };
}

const FIELD_INDENT = 2;

/** A heading, and what it says of its first field. */
function heading(words: string): [group: string, about: string] {
  const [, group = words, about = ''] = /^([^:]+): (.*)$/.exec(words) ?? [];
  return [group.replace(/ \([^)]*\)$/, ''), about];
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
