import type { Grouping } from '../pushes/grouping-key.js';
import type { HeldFamily, Total } from './held-family.js';
import type { LastPushed, PushGroup, PushTimes, SeriesPatch } from './push-group.js';

/** One step of a change, as the journal stores it. It states new values, not differences, so repeating it has no effect. */
export type ChangeStep =
  /** A new metric without totals, in place of one with the same name. */
  | { readonly step: 'family'; readonly family: HeldFamily }
  | { readonly step: 'forget'; readonly name: string }
  | { readonly step: 'agreed'; readonly name: string; readonly agreed: number }
  | { readonly step: 'totals'; readonly name: string; readonly totals: readonly (readonly [string, Total])[] }
  /** The pusher that the following steps belong to. */
  | { readonly step: 'group'; readonly grouping: Grouping; readonly times: PushTimes }
  | { readonly step: 'kept'; readonly name: string; readonly last: LastPushed }
  /** Replaces some series of a metric that the pusher has. */
  | { readonly step: 'patched'; readonly name: string; readonly last: LastPushed; readonly patch: SeriesPatch }
  | { readonly step: 'dropped'; readonly name: string }
  | { readonly step: 'end'; readonly grouping: Grouping };

/** A change of a hub's memory that can be taken back until it is on disk. */
export class StateChange {
  readonly steps: ChangeStep[] = [];
  readonly groups: PushGroup[] = [];
  readonly #reversals: { readonly undo: () => void; readonly redo: () => void }[] = [];

  /** Performs an action that `undo` reverses. */
  perform(redo: () => void, undo: () => void): void {
    redo();
    this.#reversals.push({ undo, redo });
  }

  /** Takes the change back. Later changes must have been taken back before. */
  undo(): void {
    for (const { undo } of [...this.#reversals].reverse()) undo();
  }

  /** Makes the change again after {@link undo}. */
  redo(): void {
    for (const { redo } of this.#reversals) redo();
  }

  /** Called once the change is on disk, or has been taken back for good. */
  end(): void {
    for (const group of this.groups) group.pendingChanges -= 1;
  }
}
