/** Langium's core, wired once: its generated grammar with our lexer, our raw literals and our way of telling errors. */
import type { IParserErrorMessageProvider } from 'chevrotain';
import {
  createDefaultCoreModule,
  createDefaultSharedCoreModule,
  EmptyFileSystem,
  inject,
  type CstNode,
  type LangiumCoreServices,
  type LangiumParser,
  type ValueConverter,
} from 'langium';
import { OsimGeneratedModule, OsimGeneratedSharedModule } from '../generated/module.js';
import { OsimLexer } from './lexer.js';
import { OsimTokenBuilder } from './quoted.js';

/** Literals stay as they were written: literals.ts reads them, and can say what is wrong inside. */
const RAW_TEXT: ValueConverter = { convert: (text) => text };

/** The parser's "message" is the one thing its errors do not keep otherwise: the token that was expected. */
const EXPECTED_ONLY: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.name,
  buildNotAllInputParsedMessage: () => '',
  buildNoViableAltMessage: () => '',
  buildEarlyExitMessage: () => '',
};

export interface Toolkit {
  readonly parser: LangiumParser;
  readonly lexer: OsimLexer;
}

let toolkit: Toolkit | undefined;

/** Made at the first use: the parser's analysis of its own grammar takes some tens of milliseconds. */
export function langiumToolkit(): Toolkit {
  if (toolkit) return toolkit;
  const shared = inject(createDefaultSharedCoreModule(EmptyFileSystem), OsimGeneratedSharedModule);
  const services: LangiumCoreServices = inject(createDefaultCoreModule({ shared }), OsimGeneratedModule, {
    parser: {
      TokenBuilder: () => new OsimTokenBuilder(),
      Lexer: (container: LangiumCoreServices) => new OsimLexer(container),
      ValueConverter: () => RAW_TEXT,
      ParserErrorMessageProvider: () => EXPECTED_ONLY,
    },
  });
  shared.ServiceRegistry.register(services);
  keepLinear(services.parser.LangiumParser);
  giveUpInTime(services.parser.LangiumParser);
  toolkit = { parser: services.parser.LangiumParser, lexer: services.parser.Lexer as OsimLexer };
  return toolkit;
}

/**
 * Two of Langium's steps take time in proportion to what the innermost construct holds already, for each token: a list
 * of 100,000 elements would take minutes. One looks for the place of comments in the syntax tree, where nobody here
 * looks for them (documentation and the formatter read the text): it is left out. The other looks for the last part
 * from the front: it now starts at the back.
 */
function keepLinear(parser: LangiumParser): void {
  const { nodeBuilder } = parser as unknown as { nodeBuilder: NodeBuilder };
  nodeBuilder.addHiddenNodes = () => {};
  nodeBuilder.removeNode = (node) => {
    const siblings = node.container?.content;
    const index = siblings?.lastIndexOf(node) ?? -1;
    if (index >= 0) siblings?.splice(index, 1);
  };
}

/** The most times that the parser recovers: each time costs, and nobody reads more than a few errors. */
const MOST_RECOVERIES = 300;

function giveUpInTime(parser: LangiumParser): void {
  const { wrapper } = parser as unknown as { wrapper: ErrorRecovery };
  const [save, parse] = [wrapper.SAVE_ERROR.bind(wrapper), parser.parse.bind(parser)];
  wrapper.SAVE_ERROR = (error) => {
    const saved = save(error);
    wrapper.recoveryEnabled = wrapper._errors.length < MOST_RECOVERIES;
    return saved;
  };
  parser.parse = (...args: Parameters<LangiumParser['parse']>) => {
    wrapper.recoveryEnabled = true;
    return parse(...args);
  };
}

/** The part of Chevrotain's parser that is watched. */
interface ErrorRecovery {
  recoveryEnabled: boolean;
  readonly _errors: readonly unknown[];
  SAVE_ERROR: (error: unknown) => unknown;
}

/** The part of Langium's CstNodeBuilder that is replaced. */
interface NodeBuilder {
  addHiddenNodes: (tokens: unknown) => void;
  removeNode: (node: CstNode) => void;
}
