import {
  expectedLabelText,
  isLabelText,
  labelNameProblem,
  maxAdditionalLabels,
  quoteArgument,
} from 'tinyllm/configuration';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import { inGroup } from '../command/flag.js';

const expectedLabel = 'NAME=VALUE, such as tenant=acme, or NAME';

/** Additional labels of metrics. */
export interface LabelSettings {
  /** The names of all labels. */
  readonly names: readonly string[];
  /** The fixed values, by name. Code that runs, such as a client or a plugin, sets the other labels. */
  readonly values: Readonly<Record<string, string>>;
}

/** The flag with additional labels that have fixed values. */
export const labelFlag = inGroup('Metrics', {
  label: {
    ...text,
    describe:
      'Additional label of the metrics of requests, nodes, graphs and tools, such as tenant=acme. Without a value, as in --label provider, the label gets its values from elsewhere; repeatable',
    defaultDescription: 'the labels of the graph',
  },
});

/**
 * Reads {@link labelFlag}: `NAME=VALUE`, `NAME=value:VALUE` or `NAME`.
 *
 * Throws a `UsageError`. `NAME=header:…` and `NAME=key` are errors, because these are forms of `tinyllm serve` and
 * `tinyllm proxy`.
 */
export function readLabels(args: CommandArguments): LabelSettings {
  const values = new Map<string, string | undefined>();
  for (const given of args.texts('label', expectedLabel)) {
    const [name, value] = splitLabel(given);
    const problem = labelNameProblem(name);
    if (problem !== undefined) throw args.usageError(`--label ${problem}`);
    if (values.has(name)) throw args.usageError(`--label got ${quoteArgument(name)} twice; give each label once.`);
    values.set(name, value === undefined ? undefined : fixedText(args, given, value));
  }
  if (values.size > maxAdditionalLabels) {
    throw args.usageError(`--label was given ${values.size} times; expected at most ${maxAdditionalLabels} labels.`);
  }
  const fixed = [...values].filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { names: [...values.keys()], values: Object.fromEntries(fixed) };
}

/** Splits `NAME=VALUE`. The value is undefined without an equals sign. */
export function splitLabel(given: string): readonly [name: string, value: string | undefined] {
  const equals = given.indexOf('=');
  return equals === -1 ? [given.trim(), undefined] : [given.slice(0, equals).trim(), given.slice(equals + 1)];
}

function fixedText(args: CommandArguments, given: string, value: string): string {
  if (value === 'key' || value.startsWith('header:')) {
    const source = value === 'key' ? 'API keys' : 'request headers';
    throw args.usageError(
      `--label got ${quoteArgument(given)}, but only serve and proxy have ${source}; for this text as the value, write value:${value}.`,
    );
  }
  const text = value.startsWith('value:') ? value.slice('value:'.length) : value;
  if (isLabelText(text)) return text;
  throw args.usageError(`--label got ${quoteArgument(given)}; expected ${expectedLabelText} after the equals sign.`);
}
