/**
 * The comment above a declaration is its documentation: a summary first, then lines of a fixed form that the editor
 * shows apart: `Errors: EAGAIN, EBADF`, `Blocks: yes`, `Kernel: read.osim`, `Returns: bytes read`.
 */
export interface Doc {
  /** The first line. */
  readonly summary: string;
  /** Everything else that is not one of the fields below; lines joined by newlines. */
  readonly details?: string;
  readonly errors?: readonly string[];
  readonly blocks?: string;
  readonly kernel?: string;
  readonly returns?: string;
}

const FIELD = /^(Errors|Blocks|Kernel|Returns):\s*(.*)$/;

/** The documentation of the declaration that starts at `offset`: the `//` lines right above it, or the one behind it. */
export function docAt(text: string, offset: number): Doc | undefined {
  const above = linesAbove(text, offset);
  if (above.length > 0) return readDoc(above);
  const end = text.indexOf('\n', offset);
  const behind = /;\s*\/\/\s*(.*?)\s*$/.exec(text.slice(offset, end === -1 ? undefined : end));
  return behind?.[1] ? readDoc([behind[1]]) : undefined;
}

function linesAbove(text: string, offset: number): string[] {
  const found: string[] = [];
  let end = text.lastIndexOf('\n', offset - 1);
  while (end > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end).trim();
    // A line of dashes heads a section of the file, not a declaration.
    if (!line.startsWith('//') || /^\/\/\s*-{3,}/.test(line)) break;
    found.unshift(line.replace(/^\/\/+ ?/, ''));
    end = start - 1;
  }
  return found;
}

function readDoc(lines: readonly string[]): Doc {
  const [summary = '', ...rest] = lines;
  const details: string[] = [];
  const fields: Record<string, string> = {};
  for (const line of rest) {
    const field = FIELD.exec(line.trim());
    // "Errors: a bad buffer raises SIGSEGV" names no errno: it is prose.
    if (field && !(field[1] === 'Errors' && !/\bE[A-Z0-9]{2,}\b/.test(line)))
      fields[field[1] as string] = (field[2] as string).replace(/\.$/, '');
    else details.push(line);
  }
  return {
    summary,
    ...(details.length > 0 && { details: details.join('\n').trim() }),
    ...(fields.Errors && { errors: fields.Errors.match(/\bE[A-Z0-9]{2,}\b/g) ?? [] }),
    ...(fields.Blocks && { blocks: fields.Blocks }),
    ...(fields.Kernel && { kernel: fields.Kernel }),
    ...(fields.Returns && { returns: fields.Returns }),
  };
}
