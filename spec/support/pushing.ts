import { Hub, type HubOptions } from '../../lib/hub/server/hub.js';
import type { HubStore } from '../../lib/hub/sums/hub-store.js';
import { type SummedFamily, sumFamilies } from '../../lib/hub/sums/hub-sums.js';

/** A hub's numbers: `name{labels}` to the numbers of the series. */
export type Numbers = Readonly<Record<string, readonly number[]>>;

/** What a hub's sums are now. */
async function sumsOf(hub: Hub): Promise<Numbers> {
  return numbersOf(await hub.sums());
}

/** What a store's sums are now. */
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

/** A hub, and a short way to push to it. */
export async function openHub(options: HubOptions = {}) {
  const hub = await Hub.open(options);
  const put = (who: string, text: string) =>
    hub.push({ path: `/metrics/job/spec/instance/${who}`, text, replaces: 'group' });
  const post = (who: string, text: string) =>
    hub.push({ path: `/metrics/job/spec/instance/${who}`, text, replaces: 'families' });
  const end = (who: string) => hub.delete(`/metrics/job/spec/instance/${who}`);
  return { hub, put, post, end, sums: () => sumsOf(hub) };
}

/** What an attempt was refused with. */
export async function refusal(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'taken',
    (error: { readonly status?: number; readonly message: string }) => `${error.status} ${error.message}`,
  );
}
