import { formatValue } from './escape.js';
import type { Family, ReadableSeries } from './family.js';
import type { Format } from './format.js';
import { familyName } from './sample-names.js';

/** What a scrape can ask for besides its format. */
export interface WriteOptions {
  /** Whether `_created` samples are written; default false. The text format has none. */
  readonly created?: boolean;
}

/** Writes metrics in a format, without what ends a scrape. */
export function writeFamilies(families: Iterable<Family>, format: Format, options: WriteOptions = {}): string {
  const created = options.created === true && format.strict;
  let text = '';
  for (const family of families) {
    const { name, help, kind: type, unit } = family.descriptor;
    text += format.header({ name, help, type, unit });
    text += type === 'histogram' ? writeHistograms(family, format, created) : writeValues(family, format, created);
  }
  return text;
}

/** Counters, gauges and facts; a fact that is not shown is left out. */
function writeValues({ descriptor, series }: Family, format: Format, created: boolean): string {
  const { name, kind } = descriptor;
  const typedAs = kind === 'counter' ? familyName(name, kind) : undefined;
  let text = '';
  for (const one of series) {
    const value = one.cell(0);
    if (kind === 'info' && value === 0) continue;
    const labels = inBraces(one);
    const exemplar = typedAs === undefined ? '' : exemplarOf(one, 0, format);
    text += `${name}${labels} ${kind === 'info' ? 1 : formatValue(value)}${exemplar}\n`;
    if (created && typedAs !== undefined) text += `${typedAs}_created${labels} ${one.createdSeconds}\n`;
  }
  return text;
}

/** Histograms; where sums must be able to stand as counters, one that could go down is left out, its count with it. */
function writeHistograms({ descriptor, series }: Family, format: Format, created: boolean): string {
  const { name, buckets } = descriptor;
  const bounds = [...buckets, Number.POSITIVE_INFINITY].map((bound) => `le="${format.bound(bound)}"} `);
  const mayFall = format.strict && buckets[0] !== undefined && buckets[0] < 0;
  let text = '';
  for (const one of series) {
    const labels = inBraces(one);
    const before = `${name}_bucket{${one.labelText && `${one.labelText},`}`;
    let count = 0;
    for (let index = 0; index < bounds.length; index++) {
      count += one.cell(index);
      text += `${before}${bounds[index]}${count}${exemplarOf(one, index, format)}\n`;
    }
    const sum = one.cell(bounds.length);
    const sumFits = !format.strict || (!mayFall && sum >= 0);
    if (sumFits) text += `${name}_sum${labels} ${formatValue(sum)}\n${name}_count${labels} ${count}\n`;
    if (created) text += `${name}_created${labels} ${one.createdSeconds}\n`;
  }
  return text;
}

function inBraces({ labelText }: ReadableSeries): string {
  return labelText && `{${labelText}}`;
}

function exemplarOf(series: ReadableSeries, index: number, format: Format): string {
  const exemplar = format.strict ? series.exemplar?.(index) : undefined;
  return exemplar === undefined ? '' : format.exemplar(exemplar);
}
