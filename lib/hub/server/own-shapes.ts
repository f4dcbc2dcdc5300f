import type { SharedRegistry } from 'tinyllm';
import { recordedDescriptors } from 'tinyllm/server';
import type { FamilyShape } from '../pushes/pushed-family.js';

/** What pushes must agree with of a registry: its metrics that have series, in the text format's types. */
export function ownShapes(registry: SharedRegistry): FamilyShape[] {
  return recordedDescriptors(registry).map(({ name, kind, buckets }) => ({
    name,
    type: kind === 'info' ? 'gauge' : kind,
    bounds: buckets,
  }));
}
