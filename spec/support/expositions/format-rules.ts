import type { FormatName } from '../../../lib/core/formats/format.js';

/** The differences between the formats that have an effect on what a parser reads. */
export interface FormatRules {
  readonly isProtobuf: boolean;
  /** Whether the name of a counter or info metric has no suffix, in contrast to its samples. */
  readonly familiesLackSuffixes: boolean;
  /** Whether the format has the type `info`. Otherwise, such metrics are gauges. */
  readonly hasInfo: boolean;
  readonly hasUnits: boolean;
  readonly hasNative: boolean;
  /** Returns a help text as a parser reads it. */
  readHelp(help: string, parser: GoParser): string;
  /** Whether a sum may decrease. Otherwise, the sum and the count of such a histogram are omitted. */
  readonly allowsFallingSums: boolean;
  /** When the format contains the start timestamps of series. */
  readonly starts: 'never' | 'on request' | 'always';
  /**
   * Returns the label value of an exemplar as Prometheus reads it, or undefined if such an exemplar must be omitted.
   * Undefined if the format has no exemplars.
   */
  readonly exemplarLabel: ((text: string) => string | undefined) | undefined;
  /** Converts a time as Prometheus does. */
  toMilliseconds(seconds: number): number;
}

/** One of Prometheus's parsers. */
export type GoParser = 'textparse' | 'expfmt';

const text: FormatRules = {
  isProtobuf: false,
  familiesLackSuffixes: false,
  hasInfo: false,
  hasUnits: false,
  hasNative: false,
  // Blanks at the start of a help text are optional, and the parsers ignore different ones.
  readHelp: (help, parser) => {
    if (parser === 'expfmt') return help.replace(/^[ \t]+/, '');
    return help.replaceAll(/[ \t\0]/g, '') === '' ? '' : help;
  },
  allowsFallingSums: true,
  starts: 'never',
  exemplarLabel: undefined,
  toMilliseconds: (seconds) => Math.trunc(seconds * 1_000),
};

const openMetrics: FormatRules = {
  ...text,
  familiesLackSuffixes: true,
  hasInfo: true,
  hasUnits: true,
  readHelp: (help) => help,
  allowsFallingSums: false,
  starts: 'on request',
  // Prometheus doesn't unescape these labels, and rejects the whole scrape if one of them contains NUL.
  exemplarLabel: (label) => (label.includes('\0') ? undefined : escapedText(label)),
};

function escapedText(label: string): string {
  return label.replaceAll(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
}

const protobuf: FormatRules = {
  ...text,
  isProtobuf: true,
  hasUnits: true,
  hasNative: true,
  readHelp: (help) => help,
  starts: 'always',
  exemplarLabel: (label) => label,
  toMilliseconds: (seconds) => Math.round(seconds * 1_000),
};

const openMetrics2: FormatRules = {
  ...openMetrics,
  familiesLackSuffixes: false,
  hasNative: true,
  allowsFallingSums: true,
  starts: 'always',
  exemplarLabel: (label) => label,
  // A help text can't end in a carriage return. A space follows it.
  readHelp: (help) => help.replace(/\r$/, '\r '),
};

/** The rules of each format. */
export const formatRules: Readonly<Record<FormatName, FormatRules>> = {
  text,
  'text-1.0': text,
  openmetrics: openMetrics,
  'openmetrics-2.0': openMetrics2,
  protobuf,
};
