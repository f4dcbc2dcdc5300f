import type { Cluster } from 'node:cluster';

/** Loads Node's cluster module when it is first needed, because most processes don't use it. */
export function nodeCluster(): Cluster {
  // The declared type is that of an import with `default`, but the function returns the module itself.
  return process.getBuiltinModule('node:cluster') as unknown as Cluster;
}
