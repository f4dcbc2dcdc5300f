import { GraphLimitError, GraphRunError } from '../errors/graph-errors.js';
import type { ChainRunner, Message } from './node.js';

/** Branches to run side by side. */
export interface BranchesToRun {
  /** The id of the fanout they belong to. */
  readonly fanout: string;
  readonly branches: Readonly<Record<string, readonly string[]>>;
  readonly run: ChainRunner;
  /** What each begins with. */
  readonly message: Message;
  /** The most at a time. */
  readonly concurrency: number;
  /** Whether those that fail are left out. */
  readonly skipFailed: boolean;
  /** Whether the others are ended once one has found something. */
  readonly firstIsEnough: boolean;
  readonly signal?: AbortSignal;
}

/** A branch that came to its end. */
export interface BranchRun {
  readonly name: string;
  readonly message: Message;
}

/** How branches went; the first to find something alone when that is enough. */
export interface BranchesRun {
  /** In the order they are declared. */
  readonly done: readonly BranchRun[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Runs branches side by side, and waits until all of them have ended, those that were ended early too.
 *
 * Throws the first failure that is not left out: never one that ends the whole run, such as a limit or an abort.
 */
export async function runBranches(work: BranchesToRun): Promise<BranchesRun> {
  const { default: PQueue } = await import('p-queue');
  const { branches, signal, message, fanout } = work;
  const names = Object.keys(branches);
  const queue = new PQueue({ concurrency: work.concurrency });
  const others = new AbortController();
  const ends = AbortSignal.any(signal === undefined ? [others.signal] : [signal, others.signal]);
  const done = new Map<string, Message>();
  const skipped = new Map<string, unknown>();
  let first: BranchRun | undefined;
  let failure: { readonly error: unknown } | undefined;
  const endOthers = () => others.abort(new DOMException(`The fanout ${fanout} needs no more of this.`, 'AbortError'));

  const runBranch = async (name: string): Promise<void> => {
    if (ends.aborted) return;
    try {
      const outcome = await work.run(branches[name] ?? [], message, { name, signal: ends });
      if (outcome.route === 'fail') throw stoppedAtGate(name, fanout);
      done.set(name, outcome.message);
      if (!work.firstIsEnough || outcome.message.results === message.results || failure !== undefined) return;
      first ??= { name, message: outcome.message };
      endOthers();
    } catch (error) {
      const endsRun = error instanceof GraphLimitError || signal?.aborted === true;
      if (!endsRun && others.signal.aborted) return;
      if (!endsRun && work.skipFailed) {
        skipped.set(name, error);
        return;
      }
      failure ??= { error };
      endOthers();
    }
  };

  await Promise.all(names.map((name) => queue.add(() => runBranch(name))));
  if (failure !== undefined) throw failure.error;
  signal?.throwIfAborted();
  if (skipped.size === names.length) throw noneLeft(fanout, skipped);
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
    `The branch ${name} of ${fanout} ended at a gate that it failed; give the gate a fallback, or let ${fanout} skip on_error.`,
  );
}

function noneLeft(fanout: string, skipped: ReadonlyMap<string, unknown>): GraphRunError {
  const [[name, cause] = ['', undefined]] = skipped;
  return new GraphRunError(`Every branch of ${fanout} failed, ${name} with: ${reasonOf(cause)}`, { cause });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
