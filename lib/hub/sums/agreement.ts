import { refuseAt } from '../pushes/push-refused.js';
import { type FamilyShape, type PushedFamily, sampleNames } from '../pushes/pushed-family.js';
import { sameNumbers } from '../pushes/read-push.js';

/** What a push must agree with. */
export interface Standing {
  /** Metrics the hub holds. */
  readonly held: Iterable<FamilyShape>;
  /** Metrics of the hub's own process. */
  readonly own: Iterable<FamilyShape>;
  /** Whether a metric the hub holds would still be there beside the push. */
  readonly stays: (name: string) => boolean;
}

/**
 * Refuses a push of which a metric has another type or other buckets than what is held, or shares a sample's name
 * with another metric.
 *
 * @throws {PushRefused} with status 409 and the line.
 */
export function requireAgreement(pushed: readonly PushedFamily[], { held, own, stays }: Standing): void {
  refuseDisagreement(pushed, own, () => true);
  refuseDisagreement(pushed, held, stays);
}

function refuseDisagreement(
  pushed: readonly PushedFamily[],
  shapes: Iterable<FamilyShape>,
  counts: Standing['stays'],
): void {
  const byName = new Map<string, PushedFamily>();
  for (const family of pushed) {
    for (const name of sampleNames(family)) byName.set(name, family);
  }
  for (const shape of shapes) {
    for (const name of sampleNames(shape)) {
      const family = byName.get(name);
      const problem = family && disagreement(family, shape, name);
      if (family !== undefined && problem !== undefined && counts(shape.name)) {
        refuseAt(409, family.place ?? family.line, problem);
      }
    }
  }
}

function stated({ type }: FamilyShape): string {
  return type === 'untyped' ? 'untyped' : `a ${type}`;
}

function disagreement(family: FamilyShape, owner: FamilyShape, name: string): string | undefined {
  if (family.name !== owner.name) {
    return `the ${family.type} ${family.name} has samples named ${name}, as the ${owner.type} ${owner.name} held here has`;
  }
  if (family.type !== owner.type) {
    const advice = owner.type === 'untyped' ? ', until its pusher sends a # TYPE or is deleted' : '';
    return `${name} is ${stated(family)}; it is held here as ${stated(owner)}${advice}`;
  }
  if (sameNumbers(family.bounds, owner.bounds)) return undefined;
  return `${name} has the buckets ${family.bounds.join(', ')}; it is held here with ${owner.bounds.join(', ')}`;
}
