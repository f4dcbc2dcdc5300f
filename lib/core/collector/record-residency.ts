import type { Instruments } from './instruments.js';
import { type ModelResidency, requireNotNegative } from './recorded-values.js';

/**
 * Sets whether a model is in memory, and its size there.
 *
 * @throws {InvalidValueError} if a size is negative or not finite. Nothing is then set.
 */
export function recordResidency(
  { modelLoaded, modelMemory, modelVram }: Instruments,
  { model, loaded, memoryBytes = 0, vramBytes = 0 }: ModelResidency,
): void {
  requireNotNegative(modelMemory.name, memoryBytes);
  requireNotNegative(modelVram.name, vramBytes);
  modelLoaded.series(model).set(loaded ? 1 : 0);
  modelMemory.series(model).set(memoryBytes);
  modelVram.series(model).set(vramBytes);
}
