import { GraphLimitError, GraphRunError } from '../errors/graph-errors.js';
import type { ChainRunner, Message } from './node.js';

/** Options for running branches concurrently. */
export interface BranchRunOptions {
  /** The ID of the fanout node. */
  readonly fanout: string;
  readonly branches: Readonly<Record<string, readonly string[]>>;
  readonly run: ChainRunner;
  /** The input of each branch. */
  readonly message: Message;
  /** Maximum number of concurrent branches. */
  readonly concurrency: number;
  /** Whether failed branches are skipped instead of failing the run. */
  readonly skipFailed: boolean;
  /** Whether the first branch with a result ends the other branches. */
  readonly stopAtFirst: boolean;
  readonly signal?: AbortSignal;
}

/** A branch that ended without an error. */
export interface FinishedBranch {
  readonly name: string;
  readonly message: Message;
}

/**
 * The outcomes of branches. With `stopAtFirst`, `done` contains only the first branch with a result. If no branch has a
 * result, `done` contains all finished branches.
 */
export interface BranchOutcomes {
  /** In the order of declaration. */
  readonly done: readonly FinishedBranch[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Runs branches concurrently, and waits until all of them have ended, including aborted ones.
 *
 * Throws the first error that is not skipped. Exceeded limits and aborts of the run are never skipped.
 */
export async function runBranches(work: BranchRunOptions): Promise<BranchOutcomes> {
  const { default: PQueue } = await import('p-queue');
  const { branches, signal, message, fanout } = work;
  const names = Object.keys(branches);
  const queue = new PQueue({ concurrency: work.concurrency });
  const others = new AbortController();
  const stop = AbortSignal.any(signal === undefined ? [others.signal] : [signal, others.signal]);
  const done = new Map<string, Message>();
  const skipped = new Map<string, unknown>();
  let first: FinishedBranch | undefined;
  let failure: { readonly error: unknown } | undefined;
  const abortOthers = () =>
    others.abort(new DOMException(`The fanout ${fanout} no longer needs this branch.`, 'AbortError'));

  const runBranch = async (name: string): Promise<void> => {
    if (stop.aborted) return;
    try {
      const outcome = await work.run(branches[name] ?? [], message, { name, signal: stop });
      if (outcome.route === 'fail') throw stoppedAtGate(name, fanout);
      done.set(name, outcome.message);
      if (!work.stopAtFirst || outcome.message.results === message.results || failure !== undefined) return;
      first ??= { name, message: outcome.message };
      abortOthers();
    } catch (error) {
      const endsRun = error instanceof GraphLimitError || signal?.aborted === true;
      if (!endsRun && others.signal.aborted) return;
      if (!endsRun && work.skipFailed) {
        skipped.set(name, error);
        return;
      }
      failure ??= { error };
      abortOthers();
    }
  };

  await Promise.all(names.map((name) => queue.add(() => runBranch(name))));
  if (failure !== undefined) throw failure.error;
  signal?.throwIfAborted();
  if (skipped.size === names.length) throw allBranchesFailed(fanout, skipped);
  return {
    done:
      first !== undefined
        ? [first]
        : names.flatMap((name) => {
            const ended = done.get(name);
            return ended === undefined ? [] : [{ name, message: ended }];
          }),
    skipped: [...skipped].map(([name, error]) => ({ name, reason: reasonOf(error) })),
  };
}

function stoppedAtGate(name: string, fanout: string): GraphRunError {
  return new GraphRunError(
    `The branch ${name} of ${fanout} failed at a gate; give the gate a fallback, or set \`on_error: skip\` in ${fanout}.`,
  );
}

function allBranchesFailed(fanout: string, skipped: ReadonlyMap<string, unknown>): GraphRunError {
  const [[name, cause] = ['', undefined]] = skipped;
  return new GraphRunError(`All branches of ${fanout} failed; the error of ${name}: ${reasonOf(cause)}`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
