import type { Registry } from 'prom-client-original';
// @ts-expect-error prom-client has types for its main module only, which loads five times as much code as this file
import registryClass from 'prom-client-original/lib/registry.js';

/** prom-client's class `Registry`, the same one that its main module exports. */
export const PromClientRegistry: typeof Registry = registryClass;
