import type { Cluster, Worker } from 'node:cluster';
import { isMainThread } from 'node:worker_threads';
import { ClusterMember } from './cluster-member.js';
import { isWorkerMessage } from './cluster-protocol.js';
import { nodeCluster } from './node-cluster.js';

/**
 * The `node:cluster` workers of this process. Only the primary has any.
 *
 * The reported values of each worker are stored in separate segments, like those of a thread.
 */
export class ClusterWorkers {
  readonly #members = new Map<number, ClusterMember>();
  #cluster: Cluster | undefined;

  /** Starts to listen to the workers. */
  open(): void {
    if (this.#cluster !== undefined || !isMainThread) return;
    const cluster = nodeCluster();
    if (!cluster.isPrimary) return;
    this.#cluster = cluster;
    cluster.on('message', (worker, message: unknown) => {
      if (isWorkerMessage(message)) this.#member(worker).onMessage(message);
    });
    // The last message of a worker can arrive after its exit, but not after its channel has closed.
    cluster.on('exit', (worker) => {
      if (!worker.isConnected()) this.#retire(worker);
    });
    cluster.on('disconnect', (worker) => {
      this.#members.get(worker.id)?.disconnected();
      if (worker.isDead()) this.#retire(worker);
    });
  }

  /** Requests the current values of all workers, and waits for them or for the deadline. */
  async refresh(): Promise<void> {
    const workers = Object.values(this.#cluster?.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(workers.map((worker) => this.#member(worker).refresh()));
  }

  #member(worker: Worker): ClusterMember {
    let member = this.#members.get(worker.id);
    if (member === undefined) {
      member = new ClusterMember(worker);
      this.#members.set(worker.id, member);
    }
    return member;
  }

  #retire(worker: Worker): void {
    this.#members.get(worker.id)?.retire();
    this.#members.delete(worker.id);
  }
}

const SHARED = Symbol.for('tinyllm.cluster-workers');

/** Returns the single instance of this thread, which all copies of the package share. */
export function clusterWorkers(): ClusterWorkers {
  const scope = globalThis as { [SHARED]?: ClusterWorkers };
  scope[SHARED] ??= new ClusterWorkers();
  return scope[SHARED];
}
