import type { Registry } from 'prom-client-original';
// @ts-expect-error prom-client declares its main module only, which loads five times as much as its registry alone
import registryClass from 'prom-client-original/lib/registry.js';

/** prom-client's class of registries: the one its main module has. */
export const PromClientRegistry: typeof Registry = registryClass;
