/** Which call is being written, and which of its arguments. Goes by the tokens: a call being written does not parse. */
import type { SignatureHelp } from 'vscode-languageserver';
import { libraryView, parameterText, describeParameters, type LibraryParameter } from '../library.js';
import { EXPECT_CALLS, REMOTE_CALLS } from '../special-calls.js';
import { isComment, tokensOf, type Token } from '../tokens.js';
import { bindingPage, entryPage } from './documentation.js';
import type { Analysis, Workspace } from './workspace.js';

export function signatureAt(workspace: Workspace, analysis: Analysis, offset: number): SignatureHelp | null {
  const tokens = tokensOf(analysis.file.text).filter((token) => token.offset < offset && !isComment(token));
  const call = openCall(tokens);
  if (!call) return null;
  const item = tokens.filter((token) => token.column === 1 && /^[a-z]/.test(token.type)).pop()?.type;
  const special = item === 'remote' ? REMOTE_CALLS.get(call.name) : undefined;
  const found = special?.params
    ? { params: special.params, page: entryPage(special) }
    : parametersOf(call.name, workspace, analysis);
  if (!found) return null;
  const labels = found.params.map(parameterText);
  const last = found.params[found.params.length - 1];
  const active = last?.rest ? Math.min(call.argument, found.params.length - 1) : call.argument;
  return {
    signatures: [
      {
        label: `${call.name}(${labels.join(', ')})`,
        documentation: { kind: 'markdown', value: found.page.replace(/^```osim\n[\s\S]*?```\n*/, '') },
        parameters: labels.map((label) => ({ label })),
      },
    ],
    activeSignature: 0,
    activeParameter: active,
  };
}

/** The innermost call whose parenthesis is open, and how many commas follow it. */
function openCall(tokens: readonly Token[]): { name: string; argument: number } | undefined {
  let depth = 0;
  let argument = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    const type = tokens[i]?.type ?? '';
    if (')]}'.includes(type)) depth++;
    else if ('([{'.includes(type)) {
      if (depth > 0) {
        depth--;
        continue;
      }
      const callee = tokens[i - 1];
      const isDeclaration = tokens[i - 2]?.type === 'fn';
      if (type === '(' && callee && /^[A-Za-z_]/.test(callee.text) && !isDeclaration)
        return { name: callee.text, argument };
      if (type === '{') return undefined;
      argument = 0;
    } else if (depth === 0) {
      if (type === ',') argument++;
      if (type === ';') return undefined;
    }
  }
  return undefined;
}

function parametersOf(
  name: string,
  workspace: Workspace,
  analysis: Analysis,
): { params: readonly LibraryParameter[]; page: string } | undefined {
  for (const { values } of analysis.program.declarations.values()) {
    const binding = values.get(name);
    if (binding?.kind === 'function') {
      return { params: describeParameters(binding.declaration.params), page: bindingPage(binding) };
    }
  }
  const view = libraryView(workspace.library);
  const names = analysis.file.ast.kernel ? view.kernelFile : view.user;
  const entry = names.get(name) ?? EXPECT_CALLS.get(name);
  return entry?.params ? { params: entry.params, page: entryPage(entry) } : undefined;
}
