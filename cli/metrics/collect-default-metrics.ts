import type { Registry } from 'prom-client-original';

const collected = new WeakSet<Registry>();

/**
 * Adds prom-client's default metrics of this process to a registry: CPU, memory, event loop, garbage collection.
 *
 * Repeated calls have no effect.
 */
export async function collectDefaultMetrics(register: Registry): Promise<void> {
  if (collected.has(register)) return;
  collected.add(register);
  const { default: promClient } = await import('prom-client-original');
  promClient.collectDefaultMetrics({ register });
}
