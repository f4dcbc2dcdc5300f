import { Hub, type HubOptions } from '../../lib/hub/server/hub.js';
import type { HubStore } from '../../lib/hub/sums/hub-store.js';
import { type SummedFamily, sumFamilies } from '../../lib/hub/sums/hub-sums.js';

/** A hub's values: the numbers of each series by `name{labels}`. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** The current sums of a hub. */
async function sumsOf(hub: Hub): Promise<Numbers> {
  return numbersOf(await hub.sums());
}

/** The current sums of a store. */
export function sumsOfStore(store: HubStore): Numbers {
  return numbersOf(sumFamilies(store));
}

function numbersOf(sums: readonly SummedFamily[]): Numbers {
  return Object.fromEntries(
    sums.flatMap(({ name, series }) =>
      series.map(({ labelText, numbers }) => [labelText === '' ? name : `${name}{${labelText}}`, numbers]),
    ),
  );
}

/** Opens a hub. `put`, `post` and `end` push and delete the group of an instance. */
export async function openHub(options: HubOptions = {}) {
  const hub = await Hub.open(options);
  const put = (instance: string, text: string) =>
    hub.push({ path: `/metrics/job/spec/instance/${instance}`, text, replaces: 'group' });
  const post = (instance: string, text: string) =>
    hub.push({ path: `/metrics/job/spec/instance/${instance}`, text, replaces: 'families' });
  const end = (instance: string) => hub.delete(`/metrics/job/spec/instance/${instance}`);
  return { hub, put, post, end, sums: () => sumsOf(hub) };
}

/** The status and message of a rejected attempt, or `taken` if it succeeded. */
export async function rejectionOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'taken',
    (error: { readonly status?: number; readonly message: string }) => `${error.status} ${error.message}`,
  );
}
