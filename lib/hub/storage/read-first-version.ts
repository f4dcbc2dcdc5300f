import { createHash } from 'node:crypto';
import { type Label, labelSet, readLabels } from '../pushes/label-set.js';
import type { TextType } from '../pushes/parse-text.js';
import { type HubStore, permanent } from '../sums/hub-store.js';
import { lastValues, Pusher } from '../sums/pusher.js';
import { StoredFamily, type Total } from '../sums/stored-family.js';
import { fromWrittenNumber, type WrittenNumber } from './written-number.js';

const HEADER = 'tinyllm-hub 1';

interface WrittenFamily {
  readonly family: string;
  readonly type: TextType;
  readonly help: string;
  readonly bounds: readonly number[];
  readonly totals: readonly (readonly [
    labelText: string,
    createdSeconds: number,
    sums: readonly (readonly number[])[],
  ])[];
}

interface WrittenGroup {
  readonly group: readonly Label[];
  /** Unix milliseconds. */
  readonly pushedAt: number;
  readonly expired: boolean;
  readonly processStart: number | null;
  readonly families: readonly (readonly [
    name: string,
    series: readonly (readonly [
      labelText: string,
      numbers: readonly WrittenNumber[],
      created: number | null,
      quantiles: readonly (readonly [WrittenNumber, WrittenNumber])[],
    ])[],
  ])[];
}

/**
 * Reads a file of version 1: a header, one line of JSON per metric and pusher, and a SHA-256 of the complete content.
 *
 * Returns the problem if the file is incomplete or was changed.
 */
export function readFirstVersion(text: string, { store, now }: { store: HubStore; now: number }): string | undefined {
  const end = text.lastIndexOf('\nsha256 ') + 1;
  const body = text.slice(0, end);
  const checksum = createHash('sha256').update(body).digest('hex');
  if (end === 0 || text.slice(end) !== `sha256 ${checksum}\n`) return 'it is incomplete or was changed';
  for (const line of body.split('\n').slice(1, -1)) {
    const read = JSON.parse(line) as WrittenFamily | WrittenGroup;
    if ('family' in read) addFamily(read, store);
    else addGroup(read, { store, now });
  }
  return undefined;
}

/** Whether a text starts like a file of version 1. */
export function isFirstVersion(text: string): boolean {
  return text.startsWith(`${HEADER}\n`);
}

function addFamily({ family: name, type, help, bounds, totals }: WrittenFamily, store: HubStore): void {
  const family = new StoredFamily({ name, type, help, bounds, agreeingPushers: 1 });
  store.setFamily(name, family, permanent);
  const read = totals.map(([labelText, createdSeconds, sums]): [string, Total] => {
    const exact = sums.map((parts) => (parts.length < 2 ? (parts[0] ?? 0) : parts));
    return [keyOf(labelText), { labelText, createdSeconds, sums: exact }];
  });
  store.setTotals(family, read, permanent);
}

function addGroup(
  { group: labels, pushedAt, expired, processStart, families }: WrittenGroup,
  { store, now }: { store: HubStore; now: number },
): void {
  const { key } = labelSet(labels);
  const group = new Pusher({ labels, key });
  group.isLive = !expired;
  store.setGroup(key, group, permanent);
  // The clock of the hub starts at the wall-clock time, so both times are comparable. If the wall clock was set back,
  // the time of the push can be in the future. Such a time would delay the expiry of the pusher.
  const times = { pushedAt: Math.min(pushedAt, now), pushedWall: pushedAt, processStart: processStart ?? undefined };
  store.setTimes(group, times, permanent);
  for (const [name, written] of families) {
    const { type = 'gauge', bounds = [] } = store.families.get(name) ?? {};
    const series = written.map(([labelText, numbers, created, quantiles]) => {
      const pairs = quantiles.map(
        ([quantile, value]) => [fromWrittenNumber(quantile), fromWrittenNumber(value)] as const,
      );
      const key = keyOf(labelText);
      const read = { labelText, numbers: numbers.map(fromWrittenNumber), created: created ?? undefined };
      return [key, { key, ...read, quantiles: new Map(pairs) }] as const;
    });
    store.setLast(group, name, {
      last: lastValues(name, { type, bounds, series: new Map(series) }),
      performer: permanent,
    });
  }
}

function keyOf(labelText: string): string {
  return labelSet(readLabels(labelText)?.labels ?? []).key;
}
