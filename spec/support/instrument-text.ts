import type { Family } from '../../lib/exposition/family.js';
import type { DefaultLabels } from '../../lib/exposition/foreign-metric.js';
import { labelWriter } from '../../lib/exposition/label-text.js';
import { writeText as writeFamilies } from '../../lib/exposition/text.js';
import type { Instrument } from '../../lib/metrics/instrument.js';

/** What instruments hold, in the text format. */
export function writeText(instruments: readonly Instrument[]): string {
  return writeFamilies(instruments.map((instrument) => instrumentFamily(instrument)));
}

/** An instrument as the writers read it. */
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
