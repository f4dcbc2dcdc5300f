import {
  type ClientLabelSource,
  isHeaderSource,
  isLabelText,
  labelNameProblem,
  labelSourceProblem,
  maxAdditionalLabels,
  quoteArgument,
} from 'tinyllm/configuration';
import type { CommandArguments } from '../command/command-arguments.js';
import { text } from '../command/common-flags.js';
import type { Flags } from '../command/flag.js';
import { splitLabel } from './labels.js';

const expectedLabel = 'NAME=header:HEADER, NAME=key, NAME=value:TEXT, NAME=provider or provider';
const expectedValues = 'NAME=VALUE,VALUE, such as tenant=acme,globex';

/** The flags for additional labels. */
export const clientLabelFlags = {
  label: {
    ...text,
    describe:
      'Additional label of request metrics, from a header (tenant=header:X-Tenant), the name of the API key (team=key), a text (env=value:prod) or the API (provider); repeatable',
  },
  'label-values': {
    ...text,
    describe:
      'Values of a label from a header with their own series, such as tenant=acme,globex; all others share "other"; repeatable',
    defaultDescription: 'the first --max-label-values',
  },
  'max-label-values': {
    ...text,
    describe:
      'For labels from headers without --label-values: number of values that get their own series; further values share "other"',
    defaultDescription: '100',
  },
} as const satisfies Flags;

/** The additional labels of a server. */
export interface ClientLabelSettings {
  readonly labels: Readonly<Record<string, ClientLabelSource>>;
  readonly labelValues: Readonly<Record<string, readonly string[]>>;
  /** Default 100. */
  readonly maxLabelValues: number | undefined;
}

/** Reads {@link clientLabelFlags}. Throws a `UsageError`. */
export function readClientLabels(args: CommandArguments): ClientLabelSettings {
  const labels = readLabels(args);
  const labelValues = readLabelValues(args, labels);
  const maxLabelValues = args.count('max-label-values');
  const isLimited = Object.entries(labels).some(
    ([name, source]) => isHeaderSource(source) && !Object.hasOwn(labelValues, name),
  );
  if (maxLabelValues !== undefined && !isLimited) {
    throw args.usageError(
      '--max-label-values works only for labels from headers without --label-values; add --label tenant=header:X-Tenant.',
    );
  }
  return { labels, labelValues, maxLabelValues };
}

function readLabels(args: CommandArguments): ClientLabelSettings['labels'] {
  const labels = new Map<string, ClientLabelSource>();
  for (const given of args.texts('label', expectedLabel)) {
    const [name, sourceText] = given === 'provider' ? [given, given] : splitLabel(given);
    const source = sourceOf(sourceText);
    if (source === undefined) throw args.usageError(`--label got ${quoteArgument(given)}; expected ${expectedLabel}.`);
    const nameProblem = labelNameProblem(name);
    if (nameProblem !== undefined) throw args.usageError(`--label ${nameProblem}`);
    const problem = labelSourceProblem(source);
    if (problem !== undefined) throw args.usageError(`--label got ${quoteArgument(given)}; ${problem}.`);
    if (labels.has(name)) throw args.usageError(`--label got ${quoteArgument(name)} twice; expected each label once.`);
    if (source === 'key' && !args.has('api-keys-file')) {
      throw args.usageError(
        `--label got ${quoteArgument(given)}; expected API keys with names, so add --api-keys-file, or use another source.`,
      );
    }
    labels.set(name, source);
  }
  if (labels.size > maxAdditionalLabels) {
    throw args.usageError(`--label was given ${labels.size} times; expected at most ${maxAdditionalLabels} labels.`);
  }
  return Object.fromEntries(labels);
}

function sourceOf(source: string | undefined): ClientLabelSource | undefined {
  if (source === 'key' || source === 'provider') return source;
  if (source?.startsWith('header:')) return { header: source.slice('header:'.length) };
  return source?.startsWith('value:') ? { value: source.slice('value:'.length) } : undefined;
}

function readLabelValues(
  args: CommandArguments,
  labels: ClientLabelSettings['labels'],
): ClientLabelSettings['labelValues'] {
  const valuesByName = new Map<string, readonly string[]>();
  for (const given of args.texts('label-values', expectedValues)) {
    const [name, list] = splitLabel(given);
    const values = list?.split(',').map((value) => value.trim()) ?? [];
    if (name === '' || values.length === 0 || !values.every(isLabelText)) {
      throw args.usageError(`--label-values got ${quoteArgument(given)}; expected ${expectedValues}.`);
    }
    if (!isHeaderSource(labels[name])) {
      throw args.usageError(
        `--label-values got ${quoteArgument(given)}; expected a label from a header, so add --label ${name}=header:HEADER.`,
      );
    }
    valuesByName.set(name, [...(valuesByName.get(name) ?? []), ...values]);
  }
  return Object.fromEntries(valuesByName);
}
