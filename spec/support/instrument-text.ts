import type { Family } from '../../lib/core/formats/family.js';
import type { DefaultLabels } from '../../lib/core/formats/foreign-metric.js';
import { labelWriter } from '../../lib/core/formats/label-text.js';
import { writeText as writeFamilies } from '../../lib/core/formats/text.js';
import type { Instrument } from '../../lib/core/metrics/instrument.js';

/** Writes the current values of instruments in the text format. */
export function writeText(instruments: readonly Instrument[]): string {
  return writeFamilies(instruments.map((instrument) => instrumentFamily(instrument)));
}

/** Converts an instrument to the interface that the writers read. */
function instrumentFamily(instrument: Instrument, defaultLabels: DefaultLabels = {}): Family {
  const { descriptor } = instrument;
  const writeLabels = labelWriter(descriptor, defaultLabels);
  const series = instrument.labelledSeries().map(({ labelValues, series: { page, offset } }) => ({
    labelText: writeLabels(labelValues),
    createdSeconds: 0,
    cell: (index: number) => page[offset + index] ?? 0,
  }));
  return { descriptor, series };
}
