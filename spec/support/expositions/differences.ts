import type { ExpectedReading } from './expected-reading.js';
import { goNumber } from './go-number.js';
import type { GoReading, ReadFamily, ReadNative, ReadSample } from './go-parse.js';

/** Compares a reading with the expected one. Returns the first differences; empty if there are none. */
export function differencesOf(read: GoReading, expected: ExpectedReading): string[] {
  if (read.error !== '') return [`the parser rejected the body: ${read.error}`];
  return [
    ...differentEntries(read.families, expected.families),
    ...differentLines(
      (read.samples ?? []).map((sample) => canonicalSample(sample)),
      expected.samples.map((sample) => canonicalSample(sample)),
    ),
  ].slice(0, 6);
}

function differentEntries(
  read: Readonly<Record<string, ReadFamily>>,
  expected: Readonly<Record<string, ReadFamily>>,
): string[] {
  const lines = (families: Readonly<Record<string, ReadFamily>>): string[] =>
    Object.entries(families).map(([name, { type, help, unit }]) => JSON.stringify([name, type, help, unit]));
  return differentLines(lines(read), lines(expected));
}

/** The order doesn't matter. A line that is read twice is a difference. */
function differentLines(read: readonly string[], expected: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of expected) left.set(line, (left.get(line) ?? 0) + 1);
  const unexpected: string[] = [];
  for (const line of read) {
    const count = left.get(line) ?? 0;
    if (count === 0) unexpected.push(`read       ${line}`);
    else if (count === 1) left.delete(line);
    else left.set(line, count - 1);
  }
  return [...unexpected, ...[...left.keys()].map((line) => `not read   ${line}`)].sort();
}

/** Formats a sample so that equal samples have equal texts. */
function canonicalSample({ labels, value, histogram, timestamp, start, exemplars }: ReadSample): string {
  return JSON.stringify([
    sortedEntries(labels),
    histogram === null ? canonicalNumber(value) : canonicalNative(histogram),
    timestamp,
    start,
    (exemplars ?? [])
      .map((exemplar) =>
        JSON.stringify([sortedEntries(exemplar.labels), canonicalNumber(exemplar.value), exemplar.timestamp]),
      )
      .sort(),
  ]);
}

function canonicalNative({ schema, zeroThreshold, zeroCount, count, sum, positive, negative }: ReadNative): unknown {
  const numbers = [zeroThreshold, zeroCount, count, sum].map(canonicalNumber);
  const buckets = [positive, negative].map((counts) =>
    sortedEntries(counts).map(([index, one]) => [index, canonicalNumber(one)]),
  );
  return [schema, ...numbers, ...buckets];
}

/** A label without a value doesn't exist in Prometheus's data model. */
function sortedEntries(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Go and JavaScript format the same decimal with different exponents. */
function canonicalNumber(text: string): string {
  const isDecimal = /^[+-]?\d/.test(text);
  return isDecimal ? goNumber(Number(text)) : text;
}
