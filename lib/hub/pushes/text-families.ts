import { excerpt, PushRefused, rejectAt } from './push-refused.js';
import type { TextSample } from './read-sample.js';
import type { Pace, SlicedWork } from './sliced-work.js';

/** The metric types of the text format. */
export type TextType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

/** A metric type in a text, including types that exist only in OpenMetrics. */
type StatedType = TextType | 'gaugehistogram' | 'info' | 'stateset';

/** A metric with the samples that belong to it. */
export interface TextFamily {
  readonly name: string;
  readonly type: TextType;
  readonly help: string;
  /** The line where the metric first appears. */
  readonly line: number;
  readonly samples: readonly TextSample[];
}

interface OpenFamily {
  readonly name: string;
  type?: StatedType;
  help?: string;
  readonly line: number;
  readonly samples: TextSample[];
}

const TYPES: ReadonlyMap<string, StatedType> = new Map([
  ['counter', 'counter'],
  ['gauge', 'gauge'],
  ['histogram', 'histogram'],
  ['summary', 'summary'],
  ['untyped', 'untyped'],
  ['unknown', 'untyped'],
  ['info', 'info'],
  ['stateset', 'stateset'],
  ['gaugehistogram', 'gaugehistogram'],
  ['gauge_histogram', 'gaugehistogram'],
]);

/** For each suffix, the types whose samples can have it: in both formats, and additionally in OpenMetrics. */
const SUFFIXES: Readonly<
  Record<string, readonly [inBothFormats: readonly StatedType[], onlyInOpenMetrics: readonly StatedType[]]>
> = {
  _bucket: [['histogram', 'gaugehistogram'], []],
  _sum: [['histogram', 'summary', 'gaugehistogram'], []],
  _count: [['histogram', 'summary', 'gaugehistogram'], []],
  _total: [[], ['counter']],
  _created: [[], ['counter', 'histogram', 'summary']],
  _gsum: [[], ['gaugehistogram']],
  _gcount: [[], ['gaugehistogram']],
  _info: [[], ['info']],
};
const SUFFIX = /_(?:bucket|sum|count|total|created|gsum|gcount|info)$/;

/** Groups the lines of a text by metric. Lines of several metrics can be interleaved. */
export class TextFamilies {
  readonly #families = new Map<string, OpenFamily>();
  readonly #maxSamples: number;
  readonly #maxFamilies: number;
  #samples = 0;

  /** @param bytes The size of the push. The limits for samples and metrics grow with it. */
  constructor(
    readonly isOpenMetrics: boolean,
    bytes: number,
  ) {
    this.#maxSamples = Math.max(10_000, Math.ceil(bytes / 8));
    this.#maxFamilies = Math.max(1_000, Math.ceil(bytes / 64));
  }

  /** Adds the metric of a `HELP` or `TYPE` line without a text. */
  mention(name: string, line: number): void {
    this.#familyOf(name, line);
  }

  setHelp(name: string, help: string, line: number): void {
    const family = this.#familyOf(name, line);
    if (family.help !== undefined) rejectAt(400, line, `${family.name} has two HELP lines; expected one`);
    family.help = help;
  }

  setType(name: string, written: string, line: number): void {
    const family = this.#familyOf(name, line);
    if (family.type !== undefined) rejectAt(400, line, `${family.name} has two TYPE lines; expected one`);
    if (family.samples.length > 0)
      rejectAt(400, line, `the TYPE of ${family.name} comes after its samples; expected it before them`);
    const type = TYPES.get(written.toLowerCase());
    if (type === undefined) {
      rejectAt(400, line, `unknown type ${excerpt(written)}; expected one of ${[...TYPES.keys()].join(', ')}`);
    }
    family.type = type;
  }

  add(sample: TextSample): void {
    this.#samples += 1;
    if (this.#samples > this.#maxSamples) {
      rejectAt(
        413,
        sample.line,
        `more than ${this.#maxSamples} samples in a push of this size; push fewer metrics at a time`,
      );
    }
    this.#familyOf(sample.name, sample.line).samples.push(sample);
  }

  /**
   * Converts OpenMetrics types to those of the text format, and removes metrics without samples.
   *
   * The counter `x` with the sample `x_total` becomes `x_total`. `x_created` becomes a gauge, as in the Python client.
   * Info metrics, state sets and the samples of gauge histograms become gauges.
   */
  *converted(pace: Pace): SlicedWork<TextFamily[]> {
    const converted = new Map<string, TextFamily & { readonly samples: TextSample[] }>();
    for (const { type = 'untyped', help = '', ...family } of this.#families.values()) {
      if (family.samples.length === 0) continue;
      if (!this.isOpenMetrics && type !== 'gaugehistogram') {
        const plainType = type === 'info' || type === 'stateset' ? 'gauge' : type;
        converted.set(family.name, { ...family, help, type: plainType });
        continue;
      }
      for (const sample of family.samples) {
        const { name, type: ownType } = convert(sample.name, family.name, type);
        const target = converted.get(name) ?? { name, type: ownType, help, line: sample.line, samples: [] };
        if (target.type !== ownType) rejectAt(400, sample.line, `${name} has two types, ${target.type} and ${ownType}`);
        target.samples.push(sample);
        converted.set(name, target);
        if (pace.spend(16)) yield;
      }
    }
    return [...converted.values()];
  }

  #familyOf(name: string, line: number): OpenFamily {
    const exact = this.#families.get(name);
    if (exact !== undefined) return exact;
    const suffix = SUFFIX.exec(name)?.[0];
    const parent = suffix && this.#families.get(name.slice(0, -suffix.length));
    if (parent && this.#isSuffixOf(parent.type, suffix)) return parent;
    if (this.#families.size === this.#maxFamilies) {
      throw new PushRefused(
        413,
        `more than ${this.#maxFamilies} metrics in a push of this size; push fewer metrics at a time.`,
      );
    }
    const family = { name, line, samples: [] };
    this.#families.set(name, family);
    return family;
  }

  #isSuffixOf(type: StatedType | undefined, suffix: string): boolean {
    const [both, openMetrics] = SUFFIXES[suffix]!;
    return type !== undefined && (both.includes(type) || (this.isOpenMetrics && openMetrics.includes(type)));
  }
}

/**
 * Converts a sample of OpenMetrics, or of a gauge histogram. Returns the name and the type of the metric to which the
 * sample belongs in the text format. `family` and `type` are those of the metric to which the sample belongs in the
 * push.
 */
function convert(sample: string, family: string, type: StatedType): { readonly name: string; readonly type: TextType } {
  if (type === 'info' || type === 'stateset' || type === 'gaugehistogram') return { name: sample, type: 'gauge' };
  if (sample === `${family}_created` && type !== 'gauge' && type !== 'untyped') return { name: sample, type: 'gauge' };
  return { name: type === 'counter' ? sample : family, type };
}
