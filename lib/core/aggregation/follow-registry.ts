import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { clusterWorkers } from './cluster-workers.js';
import { type SegmentFollower, threadSegments } from './thread-segments.js';

/** A registry's own memory counts down from here; the process's other threads count up from 1. */
const OWN_MEMORY = 0;

/** How to stop telling each follower of new segments of this thread. */
const ownMemory = new WeakMap<SegmentFollower, (() => void)[]>();

/**
 * Tells a follower of the segments a registry's metrics live in, for the shared one those of every thread
 * and of every worker of a cluster, now and as
 * they come and go.
 */
export function followRegistry(registry: SharedRegistry, follower: SegmentFollower): void {
  const stops = registry
    .readMemory()
    .map((memory, owner) => memory.follow(({ buffer }, index) => follower.add(OWN_MEMORY - owner, buffer, index)));
  ownMemory.set(follower, [...(ownMemory.get(follower) ?? []), ...stops]);
  if (registry !== sharedRegistry) return;
  clusterWorkers().open();
  threadSegments().follow(follower);
}

/** Brings up to date what only tells when it is asked: the workers of a cluster, of the shared registry. */
export async function refreshRegistry(registry: SharedRegistry): Promise<void> {
  if (registry === sharedRegistry) await clusterWorkers().refresh();
}

/** Tells the follower no more. */
export function unfollowRegistry(follower: SegmentFollower): void {
  for (const stop of ownMemory.get(follower) ?? []) stop();
  ownMemory.delete(follower);
  threadSegments().unfollow(follower);
}
