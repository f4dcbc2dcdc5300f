import { type FamilyShape, type PushedFamily, sampleNames } from '../pushes/pushed-family.js';
import { sameNumbers } from '../pushes/read-push.js';
import type { HubStore } from './hub-store.js';
import type { Pusher } from './pusher.js';
import { MAX_AGREEING_PUSHERS, type StoredFamily } from './stored-family.js';

/** Whether a pushed metric agrees with the stored metrics. */
export type Agreement =
  /** The metric can be counted after these stored metrics are removed. */
  { readonly replaces: readonly StoredFamily[] } | { readonly problem: string };

/** The data for comparing a push. */
export interface AgreementContext {
  readonly store: HubStore;
  /** The metrics of the hub's own process by sample name. */
  readonly own: ReadonlyMap<string, FamilyShape>;
  /** The key of the pusher. */
  readonly key: string;
  /** The group of the pusher, if it is known. */
  readonly group: Pusher | undefined;
}

/**
 * Compares the type, buckets and sample names of a pushed metric with the stored metrics.
 *
 * A conflicting stored metric stays while another live pusher has it. Otherwise, a stored metric without totals is
 * replaced immediately. A stored metric with totals is replaced after enough pushers, including this one, have sent
 * another type or other buckets. As many pushers are required as have sent the stored type and buckets, but at most 3.
 */
export function agreementOf(family: PushedFamily, { store, own, key, group }: AgreementContext): Agreement {
  const replaces = new Set<StoredFamily>();
  for (const name of sampleNames(family)) {
    const ours = own.get(name);
    const problem = ours && disagreement(family, ours, { name, isOwn: true });
    if (problem !== undefined) return { problem };
    const owner = store.ownerOf(name);
    if (owner !== undefined && disagreement(family, owner, { name }) !== undefined) replaces.add(owner);
  }
  for (const owner of replaces) {
    const others = store.livePushersOf(owner.name) - (group?.isLive === true && group.families.has(owner.name) ? 1 : 0);
    const missing = others > 0 ? undefined : missingPushers(owner, key);
    if (missing === 0) continue;
    const name = sampleNames(family).find((one) => store.ownerOf(one) === owner) ?? family.name;
    const pushers = missing === 1 ? '1 more pusher' : `${missing} more pushers`;
    const advice =
      missing === undefined ? '' : `; to replace the stored metric, push the new type and buckets from ${pushers}`;
    return { problem: `${disagreement(family, owner, { name })}${advice}` };
  }
  return { replaces: [...replaces] };
}

/** Metrics by their sample names. */
export function shapesByName(shapes: Iterable<FamilyShape>): Map<string, FamilyShape> {
  const byName = new Map<string, FamilyShape>();
  for (const shape of shapes) for (const name of sampleNames(shape)) byName.set(name, shape);
  return byName;
}

/**
 * Records that this pusher sent another type or other buckets than the stored metric. Returns how many more pushers
 * must do the same before the stored metric is replaced.
 */
function missingPushers({ totals, rejectedPushers, agreeingPushers }: StoredFamily, key: string): number {
  if (totals.size === 0) return 0;
  if (rejectedPushers.size < MAX_AGREEING_PUSHERS) rejectedPushers.add(key);
  return Math.max(0, agreeingPushers - rejectedPushers.size);
}

function withArticle({ type }: FamilyShape): string {
  return type === 'untyped' ? 'untyped' : `a ${type}`;
}

/** Describes a conflict with a stored metric, or with a metric of the hub's own process (`isOwn`). */
function disagreement(
  family: FamilyShape,
  owner: FamilyShape,
  { name, isOwn = false }: { readonly name: string; readonly isOwn?: boolean },
): string | undefined {
  if (family.name !== owner.name) {
    const other = `${isOwn ? "the hub's own" : 'the stored'} ${owner.type} ${owner.name}`;
    return `the ${family.type} ${family.name} has samples with the name ${name}, like ${other}`;
  }
  if (family.type !== owner.type) {
    const own = `the hub's own metric ${name} is ${withArticle(owner)}`;
    const advice = owner.type === 'untyped' ? ' until its pusher sends a # TYPE line or is deleted' : '';
    return `${name} is ${withArticle(family)}; ${isOwn ? own : `it is stored as ${withArticle(owner)}${advice}`}`;
  }
  if (sameNumbers(family.bounds, owner.bounds)) return undefined;
  const has = isOwn ? `the hub's own metric ${name} has` : 'it is stored with';
  return `${name} has the buckets ${family.bounds.join(', ')}; ${has} the buckets ${owner.bounds.join(', ')}`;
}
