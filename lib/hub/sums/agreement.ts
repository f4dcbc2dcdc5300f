import { type FamilyShape, type PushedFamily, sampleNames } from '../pushes/pushed-family.js';
import { sameNumbers } from '../pushes/read-push.js';
import { type HeldFamily, MOST_AGREED } from './held-family.js';
import type { HubStore } from './hub-store.js';
import type { PushGroup } from './push-group.js';

/** How a pushed metric agrees with the metrics that are there. */
export type Agreement =
  /** It can be counted after the given metrics have been removed. */
  { readonly replaces: readonly HeldFamily[] } | { readonly problem: string };

/** The data that a push is compared with. */
export interface AgreementContext {
  readonly store: HubStore;
  /** The metrics of the hub's own process, by sample name. */
  readonly own: ReadonlyMap<string, FamilyShape>;
  /** Identifies the pusher. */
  readonly key: string;
  /** The pusher, if it is known. */
  readonly group: PushGroup | undefined;
}

/**
 * Compares the type, the buckets and the names of the samples of a pushed metric.
 *
 * The stored metric stays as long as another live pusher has it. Otherwise the pushed metric replaces it. A metric without
 * totals is replaced at once. A metric with totals is replaced when as many different pushers have sent the new type as had
 * sent the old one, at most 3.
 */
export function agreementOf(family: PushedFamily, { store, own, key, group }: AgreementContext): Agreement {
  const replaces = new Set<HeldFamily>();
  for (const name of sampleNames(family)) {
    const ours = own.get(name);
    const problem = ours && disagreement(family, ours, name);
    if (problem !== undefined) return { problem };
    const owner = store.ownerOf(name);
    if (owner !== undefined && disagreement(family, owner, name) !== undefined) replaces.add(owner);
  }
  for (const owner of replaces) {
    const others = store.holdersOf(owner.name) - (group?.isLive === true && group.families.has(owner.name) ? 1 : 0);
    const missing = others > 0 ? undefined : missingChallengers(owner, key);
    if (missing === 0) continue;
    const name = sampleNames(family).find((one) => store.ownerOf(one) === owner) ?? family.name;
    const pushers = missing === 1 ? '1 more pusher' : `${missing} more pushers`;
    const advice = missing === undefined ? '' : `; to replace it, ${pushers} must send the same`;
    return { problem: `${disagreement(family, owner, name)}${advice}` };
  }
  return { replaces: [...replaces] };
}

/** The metrics of this process by the names of their samples. */
export function shapesByName(shapes: Iterable<FamilyShape>): Map<string, FamilyShape> {
  const byName = new Map<string, FamilyShape>();
  for (const shape of shapes) for (const name of sampleNames(shape)) byName.set(name, shape);
  return byName;
}

/** How many more pushers must disagree before the metric is replaced, after this one. */
function missingChallengers({ totals, challengers, agreed }: HeldFamily, key: string): number {
  if (totals.size === 0) return 0;
  if (challengers.size < MOST_AGREED) challengers.add(key);
  return Math.max(0, agreed - challengers.size);
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
