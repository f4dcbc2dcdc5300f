import type { Target } from '../targets.js';
import type { FormatCosts } from './format-costs.js';
import type { ScrapedFormat } from './scrape-formats.js';

/** The targets for scrapes compared with client_golang, if it was measured, and for the memory of native histograms. */
export function formatTargets({ series, scrapes, observation, memory }: FormatCosts): Target[] {
  const timesFaster = (format: ScrapedFormat, bound: number): Target[] => {
    const times = scrapes.filter((one) => one.format === format && !one.native);
    const [ours, theirs] = (['tinyllm', 'client_golang'] as const).map(
      (library) => times.find((one) => one.library === library)?.time.median,
    );
    if (ours === undefined || theirs === undefined) return [];
    const what = `compressed scrape of ${series} classic series in ${format}, faster than client_golang`;
    return [{ what, measured: theirs / ours, bound, kind: 'at least' }];
  };
  return [
    ...timesFaster('protobuf', 5),
    ...timesFaster('text', 2.5),
    {
      what: 'memory of a native histogram, in addition to its classic series',
      measured: memory.tinyllm.native - memory.tinyllm.classic,
      bound: 700,
      kind: 'at most',
      unit: 'B',
    },
    {
      what: 'observation of a native histogram, in addition to the classic one',
      measured: observation.native.median - observation.classic.median,
      bound: 25,
      kind: 'at most',
      unit: 'ns',
    },
  ];
}
