import { addHistograms } from './histogram.js';
import type { Increase } from './reading.js';

/** Adds the increases of two time ranges that do not overlap. */
export function addIncreases(one: Increase, other: Increase): Increase {
  return {
    seconds: one.seconds + other.seconds,
    requestsByModel: addByKey(one.requestsByModel, other.requestsByModel),
    errors: one.errors + other.errors,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cacheHits: one.cacheHits + other.cacheHits,
    cacheMisses: one.cacheMisses + other.cacheMisses,
    latency: addHistograms(one.latency, other.latency),
  };
}

function addByKey<Key>(one: ReadonlyMap<Key, number>, other: ReadonlyMap<Key, number>): Map<Key, number> {
  const sums = new Map(one);
  for (const [key, value] of other) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}
