import type { DefaultLabels } from '../formats/foreign-metric.js';
import { type Descriptor, layoutOf } from '../metrics/descriptor.js';
import { GatheredFamily } from './gathered-family.js';

/**
 * The families of a metric name, one for each combination of kind, labels and buckets. At most one of them is visible.
 *
 * If the registry has ever declared the name, the latest declaration that is still in the registry is visible. If all
 * were removed, none is visible. If the registry never declared the name, the first family with series is visible until
 * it has no more series.
 */
export class FamilyVariants {
  readonly #families = new Map<string, GatheredFamily>();
  /** The families of the declarations that are in the registry. A declaration has the key of its place in memory. */
  readonly #inRegistry = new Map<string, GatheredFamily>();
  #isDeclaredByRegistry = false;
  #chosen: GatheredFamily | undefined;

  constructor(private readonly defaultLabels: () => DefaultLabels) {}

  get all(): Iterable<GatheredFamily> {
    return this.#families.values();
  }

  /** The family with the kind, labels and buckets of a declaration. It is created if there is none. */
  familyOf(descriptor: Descriptor): GatheredFamily {
    const layout = layoutOf(descriptor);
    let family = this.#families.get(layout);
    if (family === undefined) {
      family = new GatheredFamily(descriptor, this.defaultLabels);
      this.#families.set(layout, family);
    }
    return family;
  }

  /** Whether the registry contains a declaration. */
  isInRegistry(declaration: string): boolean {
    return this.#inRegistry.has(declaration);
  }

  /** Adds a declaration of the registry, or updates its family. */
  show(declaration: string, family: GatheredFamily): void {
    this.#isDeclaredByRegistry = true;
    this.#inRegistry.set(declaration, family);
  }

  /** Removes a declaration of the registry. */
  hide(declaration: string): void {
    this.#isDeclaredByRegistry = true;
    this.#inRegistry.delete(declaration);
  }

  /** The visible family, if there is one. */
  get visible(): GatheredFamily | undefined {
    if (this.#isDeclaredByRegistry) return [...this.#inRegistry.values()].at(-1);
    if (this.#chosen === undefined || this.#chosen.isEmpty) {
      const families = [...this.#families.values()];
      this.#chosen = families.find(({ isEmpty }) => !isEmpty) ?? this.#chosen ?? families[0];
    }
    return this.#chosen;
  }
}
