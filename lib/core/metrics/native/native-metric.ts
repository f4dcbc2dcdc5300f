import type { CellSlice } from '../cells.js';
import type { PageViews } from './chunk-layout.js';
import { ChunkLists } from './chunk-lists.js';
import type { ChunkMemory } from './chunk-memory.js';
import { emptyNative } from './merge-native.js';
import type { NativeSettings } from './native-histogram.js';

/** What the series of a metric with native histograms share. */
export class NativeMetric {
  readonly lists: ChunkLists;
  readonly zeroThreshold: number;
  /** The pages of the memory. They are here because each observation needs them. */
  readonly pages: readonly PageViews[];

  constructor(
    readonly settings: NativeSettings,
    readonly memory: ChunkMemory,
  ) {
    this.lists = new ChunkLists(memory);
    this.zeroThreshold = settings.zeroThreshold;
    this.pages = memory.pages;
  }

  /** Sets all counts of a series to zero. `slice` begins with the header. A recorder of the series is invalid then. */
  clear(slice: CellSlice): void {
    const { lists, memory, settings } = this;
    lists.free(lists.replace(memory.positionOf(slice), emptyNative(settings), 0) ?? []);
  }

  /** Makes the memory of a removed series available for reuse. */
  release(slice: CellSlice): void {
    this.lists.release(this.memory.positionOf(slice));
  }
}
