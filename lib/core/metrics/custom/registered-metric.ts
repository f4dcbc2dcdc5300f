import type { Descriptor } from '../descriptor.js';
import type { SegmentChain } from '../segment-chain.js';

const BRAND = Symbol.for('tinyllm.custom-metric');

/** A metric of the application, in the form that registries and servers use. */
export interface RegisteredMetric {
  readonly [BRAND]: true;
  readonly name: string;
  readonly descriptor: Descriptor;
  /** Whether the metric has any series. */
  readonly hasSeries: boolean;
  /** Whether {@link update} must be called before the values are read. */
  readonly needsUpdate: boolean;
  /** Updates the values. Rejects if the `collect` of the application fails. */
  update(): Promise<void>;
  /** Whether `memory` of this registry contains the series. */
  isStoredIn(registry: object): boolean;
  /** Called after the metric was added to a registry. `isShared`: whether it is TinyLLM's shared registry. */
  joined(registry: object, memory: () => SegmentChain, isShared: boolean): void;
  /** Called after the metric was removed from a registry. */
  left(registry: object): void;
}

/** The key of the property that marks a {@link RegisteredMetric}. All copies of the package use the same key. */
export const customMetricBrand: typeof BRAND = BRAND;

/** Whether a metric of a registry is a custom metric of any copy of the package. Never throws, even for a Proxy. */
export function isCustomMetric(metric: unknown): metric is RegisteredMetric {
  try {
    return typeof metric === 'object' && metric !== null && (metric as { [BRAND]?: unknown })[BRAND] === true;
  } catch {
    return false;
  }
}
