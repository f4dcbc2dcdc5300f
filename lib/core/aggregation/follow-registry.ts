import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { clusterWorkers } from './cluster-workers.js';
import { type SegmentFollower, threadSegments } from './thread-segments.js';

/** A registry's own segments count down from here; the process's other threads count up from 1. */
const OWN_SEGMENTS = 0;

/**
 * Tells a follower of the segments a registry's metrics live in, for the shared one those of every thread
 * and of every worker of a cluster, now and as
 * they come and go.
 */
export function followRegistry(registry: SharedRegistry, follower: SegmentFollower): void {
  registry.readSegments().forEach(({ buffer }, index) => {
    follower.add(OWN_SEGMENTS - index, buffer);
  });
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
  threadSegments().unfollow(follower);
}
