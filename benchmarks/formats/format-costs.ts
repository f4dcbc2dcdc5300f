import type { MemoryOfSeries } from '../memory-of-series.js';
import { measureInProcess } from '../run-node.js';
import { buildGoHistograms, goBytesPerSeries } from './go-program.js';
import type { ObservationCosts } from './observation-cost.js';
import { type FormatCost, measureFormats } from './scrape-formats.js';

/** The bytes of a series with classic buckets only, and with a native histogram in addition. */
export interface NativeMemory {
  readonly classic: number;
  readonly native: number;
}

/** The costs of the formats and of native histograms, compared with client_golang. */
export interface FormatCosts {
  readonly series: number;
  /** Rows of client_golang are missing if Go is missing. */
  readonly scrapes: readonly FormatCost[];
  /** The observations in each series whose memory was measured. */
  readonly observations: number;
  /** The cost of an observation of TinyLLM. */
  readonly observation: ObservationCosts;
  readonly memory: { readonly tinyllm: NativeMemory; readonly client_golang?: NativeMemory };
}

/** How much to measure. */
export interface FormatEffort {
  readonly series: number;
  readonly rounds: number;
}

const OBSERVATIONS = 1_000;

/** Measures scrapes in each format, and the memory of native histograms. */
export async function measureFormatCosts({ series, rounds }: FormatEffort): Promise<FormatCosts> {
  const go = buildGoHistograms();
  const scrapes = await measureFormats({ series, rounds, go });
  const tinyllm = { classic: await tinyllmBytes(series, false), native: await tinyllmBytes(series, true) };
  const goBytes = (native: boolean): number => goBytesPerSeries(go!, { series, observations: OBSERVATIONS, native });
  const memory = {
    tinyllm,
    ...(go !== undefined && { client_golang: { classic: goBytes(false), native: goBytes(true) } }),
  };
  const observation = await measureInProcess<ObservationCosts>('./measure.js', { args: ['observations'] });
  return { series, scrapes, observations: OBSERVATIONS, observation, memory };
}

async function tinyllmBytes(series: number, native: boolean): Promise<number> {
  const args = ['tinyllm', String(series), String(OBSERVATIONS), ...(native ? ['native'] : [])];
  const { heap, buffers, workers } = await measureInProcess<MemoryOfSeries>('./memory-of-series.js', {
    execArgv: ['--expose-gc'],
    args,
  });
  return heap + buffers + workers;
}
