import type { Cluster, Worker } from 'node:cluster';
import { isMainThread } from 'node:worker_threads';
import { ClusterMember } from './cluster-member.js';
import { isWorkersWord } from './cluster-protocol.js';
import { nodeCluster } from './node-cluster.js';

/**
 * The workers of this process's `node:cluster`, as its primary knows them; elsewhere there are none.
 *
 * What each has told is in a segment of its own, among those of the threads.
 */
export class ClusterWorkers {
  readonly #members = new Map<number, ClusterMember>();
  #cluster: Cluster | undefined;

  /** Listens to the workers from now on. */
  open(): void {
    if (this.#cluster !== undefined || !isMainThread) return;
    const cluster = nodeCluster();
    if (!cluster.isPrimary) return;
    this.#cluster = cluster;
    cluster.on('message', (worker, message: unknown) => {
      if (isWorkersWord(message)) this.#member(worker).hear(message);
    });
    // What a worker wrote last may come after its exit, but never after its channel's end.
    cluster.on('exit', (worker) => {
      if (!worker.isConnected()) this.#retire(worker);
    });
    cluster.on('disconnect', (worker) => {
      this.#members.get(worker.id)?.disconnected();
      if (worker.isDead()) this.#retire(worker);
    });
  }

  /** Waits until the workers have told what they have now, or for the deadline. */
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

/** The process's one view of its cluster. */
export function clusterWorkers(): ClusterWorkers {
  const scope = globalThis as { [SHARED]?: ClusterWorkers };
  scope[SHARED] ??= new ClusterWorkers();
  return scope[SHARED];
}
