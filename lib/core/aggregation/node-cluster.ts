import type { Cluster } from 'node:cluster';

/** Node's cluster module, loaded when it is first asked for: most processes have no use for it. */
export function nodeCluster(): Cluster {
  // The type is that of an import, which has the module's properties below `default`; what comes is the module itself.
  return process.getBuiltinModule('node:cluster') as unknown as Cluster;
}
