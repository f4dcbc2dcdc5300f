import { performance } from 'node:perf_hooks';
import { type Summary, summarize } from '../statistics.js';

/** Nanoseconds per observation of a bound histogram. */
export interface ObservationCosts {
  readonly classic: Summary;
  readonly native: Summary;
}

const ROUNDS = 300;
const OPERATIONS = 50_000;
/** Random values over five decades. */
const VALUES = Float64Array.from({ length: 4_096 }, () => 10 ** (Math.random() * 5 - 4));

/** Measures an observation of a classic histogram and of one that is also native, in turns, with the same values. */
export async function measureObservations(): Promise<ObservationCosts> {
  // TypeScript must not check the sources of the packages as a part of the benchmarks.
  const [core, server]: readonly string[] = ['tinyllm', 'tinyllm/server'];
  const { Histogram } = await import(core!);
  const { SharedRegistry } = await import(server!);
  const facts = { help: 'Measured.', labelNames: ['queue'], registers: [new SharedRegistry()] };
  const [classic, native] = [false, true].map((nativeHistograms) => {
    const name = nativeHistograms ? 'native_seconds' : 'classic_seconds';
    return new Histogram({ name, ...facts, nativeHistograms }).labels('a') as { observe(value: number): void };
  }) as [Observer, Observer];
  const times: { classic: number[]; native: number[] } = { classic: [], native: [] };
  for (let round = -ROUNDS / 10; round < ROUNDS; round++) {
    const [first, second] = [timeOf(classic), timeOf(native)];
    if (round < 0) continue;
    times.classic.push(first);
    times.native.push(second);
  }
  return { classic: summarize(times.classic), native: summarize(times.native) };
}

interface Observer {
  observe(value: number): void;
}

function timeOf(histogram: Observer): number {
  const started = performance.now();
  for (let index = 0; index < OPERATIONS; index++) histogram.observe(VALUES[index % 4_096]!);
  return ((performance.now() - started) * 1e6) / OPERATIONS;
}
