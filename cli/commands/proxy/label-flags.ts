import { isLabelText, labelProblem, type ProxyLabelSource } from '@tinyllm/proxy/settings';
import { quote } from 'tinyllm/configuration';
import type { CommandArguments } from '../../command/command-arguments.js';
import { text } from '../../command/common-flags.js';
import type { Flags } from '../../command/flag.js';

const expectedLabel = 'NAME=header:HEADER, NAME=key, NAME=value:TEXT, NAME=provider or provider';
const expectedValues = 'NAME=VALUE,VALUE, such as tenant=acme,globex';

/** The flags for additional labels. */
export const labelFlags = {
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

/** The additional labels of `tinyllm proxy`. */
export interface LabelFlags {
  readonly labels: Readonly<Record<string, ProxyLabelSource>>;
  readonly labelValues: Readonly<Record<string, readonly string[]>>;
  /** Default 100. */
  readonly maxLabelValues: number | undefined;
}

/** Reads {@link labelFlags}. Throws a `UsageError`. */
export function readLabelFlags(args: CommandArguments): LabelFlags {
  const labels = readLabels(args);
  const labelValues = readLabelValues(args, labels);
  const maxLabelValues = args.count('max-label-values');
  const isLimited = Object.entries(labels).some(
    ([name, source]) => isHeader(source) && !Object.hasOwn(labelValues, name),
  );
  if (maxLabelValues !== undefined && !isLimited) {
    throw args.usageError(
      '--max-label-values works only for labels from headers without --label-values; add --label tenant=header:X-Tenant.',
    );
  }
  return { labels, labelValues, maxLabelValues };
}

function readLabels(args: CommandArguments): LabelFlags['labels'] {
  const labels = new Map<string, ProxyLabelSource>();
  for (const given of args.texts('label', expectedLabel)) {
    const [name, sourceText] = given === 'provider' ? [given, given] : splitAtEquals(given);
    const source = sourceOf(sourceText);
    if (source === undefined) throw args.usageError(`--label got ${quote(given)}; expected ${expectedLabel}.`);
    const problem = labelProblem(name, source);
    if (problem !== undefined) throw args.usageError(`--label got ${quote(given)}; ${problem}.`);
    if (labels.has(name)) throw args.usageError(`--label got ${quote(name)} twice; expected each label once.`);
    if (source === 'key' && !args.has('api-keys-file')) {
      throw args.usageError(
        `--label got ${quote(given)}; expected API keys with names, so add --api-keys-file, or use another source.`,
      );
    }
    labels.set(name, source);
  }
  return Object.fromEntries(labels);
}

function sourceOf(source: string | undefined): ProxyLabelSource | undefined {
  if (source === 'key' || source === 'provider') return source;
  if (source?.startsWith('header:')) return { header: source.slice('header:'.length) };
  return source?.startsWith('value:') ? { value: source.slice('value:'.length) } : undefined;
}

function readLabelValues(args: CommandArguments, labels: LabelFlags['labels']): LabelFlags['labelValues'] {
  const valuesByName = new Map<string, readonly string[]>();
  for (const given of args.texts('label-values', expectedValues)) {
    const [name, list] = splitAtEquals(given);
    const values = list?.split(',').map((value) => value.trim()) ?? [];
    if (name === '' || values.length === 0 || !values.every(isLabelText)) {
      throw args.usageError(`--label-values got ${quote(given)}; expected ${expectedValues}.`);
    }
    if (!isHeader(labels[name])) {
      throw args.usageError(
        `--label-values got ${quote(given)}; expected a label from a header, so add --label ${name}=header:HEADER.`,
      );
    }
    valuesByName.set(name, [...(valuesByName.get(name) ?? []), ...values]);
  }
  return Object.fromEntries(valuesByName);
}

function isHeader(source: ProxyLabelSource | undefined): boolean {
  return typeof source === 'object' && 'header' in source;
}

function splitAtEquals(given: string): [name: string, rest: string | undefined] {
  const equals = given.indexOf('=');
  return equals === -1 ? [given, undefined] : [given.slice(0, equals), given.slice(equals + 1)];
}
