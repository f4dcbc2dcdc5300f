import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { clusterWorkers } from './cluster-workers.js';
import { type SegmentFollower, threadSegments } from './thread-segments.js';

/**
 * The number under which a follower receives the registry's first chain of segments in this thread. The next chains
 * have the numbers -1, -2 and so on. Other threads have numbers above 0.
 */
const OWN_MEMORY = 0;

/** The functions that stop notifying a follower of new segments of this thread. */
const stopFunctions = new WeakMap<SegmentFollower, (() => void)[]>();

/**
 * Notifies a follower of all current and future segments of a registry, and of threads that end.
 *
 * For the shared registry, this includes the segments of all threads and cluster workers.
 */
export function followRegistry(registry: SharedRegistry, follower: SegmentFollower): void {
  const stops = stopFunctions.get(follower) ?? [];
  stopFunctions.set(follower, stops);
  const stop = registry.followMemory((memory, position) => {
    stops.push(memory.follow(({ buffer }, index) => follower.add(OWN_MEMORY - position, buffer, index)));
  });
  stops.push(stop);
  if (registry !== sharedRegistry) return;
  clusterWorkers().open();
  threadSegments().follow(follower);
}

/** Requests the current values of the cluster workers. Only the shared registry contains such values. */
export async function refreshRegistry(registry: SharedRegistry): Promise<void> {
  if (registry === sharedRegistry) await clusterWorkers().refresh();
}

/** Stops notifying a follower. */
export function unfollowRegistry(follower: SegmentFollower): void {
  for (const stop of stopFunctions.get(follower) ?? []) stop();
  stopFunctions.delete(follower);
  threadSegments().unfollow(follower);
}
