import type { NativeHistogram } from '../../lib/core/metrics/native/native-histogram.js';
import { parseComposite } from './parse-composite.js';

/** How to request native histograms from any metrics server: the query and the headers. */
export const nativeRequest = {
  query: '?openmetrics2=1',
  headers: { accept: 'application/openmetrics-text;version=2.0.0' },
} as const;

/** The histograms in an OpenMetrics 2.0 text, by name. Those without native buckets are undefined. */
export function nativeHistogramsOf(text: string): ReadonlyMap<string, NativeHistogram | undefined> {
  const histograms = new Map<string, NativeHistogram | undefined>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^([a-z_]+)(?:\{[^{}]*\})? (\{count:\S*,bucket:\S*\})/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) histograms.set(name, parseComposite(value).native);
  }
  return histograms;
}
