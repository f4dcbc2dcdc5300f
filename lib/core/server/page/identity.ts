import { catalog } from '../../catalog/catalog.js';
import type { Scrape } from './scrape.js';

/** Who a target says it is. */
export interface Identity {
  readonly app: string;
  readonly version: string;
}

/** Who speaks: a target, or each of those whose metrics a hub adds up. */
export function identitiesOf(scrape: Scrape): Identity[] {
  return scrape.samples(catalog.systemInfo.name).map(({ labels: { app = '', version = '' } }) => ({
    app: app === '' ? 'an application without a name' : app,
    version,
  }));
}
