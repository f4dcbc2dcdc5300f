import type { Grouping } from '../pushes/grouping-key.js';
import type { LastValues, Pusher, PushTimes, SeriesPatch } from './pusher.js';
import type { StoredFamily, Total } from './stored-family.js';

/**
 * One step of a change, as stored in the journal. It contains new values, not differences, so applying it twice has the
 * same result as applying it once.
 */
export type ChangeStep =
  /** Adds a metric without totals. Replaces a metric with the same name. */
  | { readonly step: 'family'; readonly family: StoredFamily }
  /** Removes a metric. */
  | { readonly step: 'forget'; readonly name: string }
  /** Replaces the number of pushers that sent the type and bounds of a metric. */
  | { readonly step: 'agreed'; readonly name: string; readonly pushers: number }
  /** Adds or replaces totals of a metric. */
  | { readonly step: 'totals'; readonly name: string; readonly totals: readonly (readonly [string, Total])[] }
  /** Selects the pusher of the following steps. */
  | { readonly step: 'group'; readonly grouping: Grouping; readonly times: PushTimes }
  /** Replaces the last values of a metric of the pusher. */
  | { readonly step: 'kept'; readonly name: string; readonly last: LastValues }
  /** Replaces some series of a metric that the pusher has. */
  | { readonly step: 'patched'; readonly name: string; readonly last: LastValues; readonly patch: SeriesPatch }
  /** Removes a metric of the pusher. */
  | { readonly step: 'dropped'; readonly name: string }
  /** Removes a pusher. */
  | { readonly step: 'end'; readonly grouping: Grouping };

/** A change of a hub's state in memory. It can be undone until it is on disk. */
export class StateChange {
  readonly steps: ChangeStep[] = [];
  readonly groups: Pusher[] = [];
  readonly #reversals: { readonly undo: () => void; readonly redo: () => void }[] = [];

  /** Performs an action, and records how to undo it. */
  perform(redo: () => void, undo: () => void): void {
    redo();
    this.#reversals.push({ undo, redo });
  }

  /** Undoes the change. Undo later changes first. */
  undo(): void {
    for (const { undo } of [...this.#reversals].reverse()) undo();
  }

  /** Repeats the change after {@link undo}. */
  redo(): void {
    for (const { redo } of this.#reversals) redo();
  }

  /** Ends the change. Call it once, when the change is on disk or permanently undone. */
  end(): void {
    for (const group of this.groups) group.pendingChanges -= 1;
  }
}
