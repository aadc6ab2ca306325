/** The machine block: settings that exist, with values that make sense. */
import type { Machine, Setting } from '../generated/ast.js';
import {
  numberFault,
  SETTING_NAMES,
  settingRange,
  SETTINGS,
  settingShape,
  wordFault,
  type SettingShape,
} from '../settings.js';
import { closest } from '../suggest.js';
import type { CheckContext, Checks } from './context.js';

const UNIT = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

export const machineChecks: Checks = {
  Machine: (node, context) => twice(node, context),
  Setting: (node, context) => {
    const shape = node.name === undefined ? undefined : settingShape(node.name);
    if (shape) value(node, shape, context);
    else if (node.name !== undefined) unknown(node, context);
  },
};

function twice(node: Machine, context: CheckContext): void {
  const seen = new Set<string>();
  for (const setting of node.settings) {
    if (seen.has(setting.name)) {
      context.error(setting, 'duplicate-setting', `\`${setting.name}\` is set twice.`, 'Remove one of the two lines.');
    }
    seen.add(setting.name);
  }
}

function unknown(node: Setting, context: CheckContext): void {
  const near = closest(node.name, SETTING_NAMES);
  context.error(
    context.rangeAt(node.$cstNode?.offset ?? 0, node.name.length),
    'unknown-setting',
    `The machine has no setting \`${node.name}\`.`,
    near
      ? `Did you mean \`${near}\`?`
      : `Its settings are ${[...SETTINGS.keys()].join(', ')}, and cost_syscall and its like for a single cost.`,
  );
}

function value(node: Setting, shape: SettingShape, context: CheckContext): void {
  if (!node.value) return;
  if (shape.kind === 'word') return word(node, shape, context);
  const constant = context.constant(node.value);
  if (typeof constant !== 'number') {
    context.error(
      node.value,
      'bad-setting',
      `\`${node.name}\` is a number of ${shape.about}, ${settingRange(shape)}.`,
      `For example: ${node.name} = ${shape.kind === 'bytes' ? '64 KiB' : shape.min};`,
    );
    return;
  }
  if (node.unit && shape.kind !== 'bytes') {
    context.error(
      node,
      'bad-setting',
      `\`${node.name}\` is counted in ${shape.about}, not in ${node.unit}.`,
      `Write the number alone: ${node.name} = ${constant};`,
    );
    return;
  }
  const amount = constant * (node.unit ? UNIT[node.unit] : 1);
  const fault = numberFault(node.name, shape, amount);
  if (fault) context.error(node.value, 'bad-setting', fault.message, fault.hint);
}

function word(node: Setting, shape: SettingShape & { kind: 'word' }, context: CheckContext): void {
  // The value of a param may be given on the command line.
  if (context.bindingOf(node.value)?.kind === 'param') return;
  const constant = context.constant(node.value);
  const named = node.value.$type === 'NameRef' && constant === undefined ? node.value.name : constant;
  const written = named == null ? (node.value.$cstNode?.text ?? '') : String(named);
  const fault = wordFault(node.name, shape, written);
  if (fault) context.error(node.value, 'bad-setting', fault.message, fault.hint);
}
