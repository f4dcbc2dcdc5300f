import { Worker } from 'node:worker_threads';

/** A password to compare. */
export interface ToPasswordWorker {
  readonly password: string;
  readonly hash: string;
  /** Hashes that are also compared if the password is wrong, so that all rejections take the same time. */
  readonly decoys: readonly string[];
}

/** The result of the comparison. */
export interface FromPasswordWorker {
  readonly matches: boolean;
}

/** Limits of comparisons. */
export interface ComparisonLimits {
  /** Maximum number of waiting comparisons; default 32. */
  readonly waiting?: number;
  /** The thread ends after this time without a comparison, in milliseconds; default 10 s. */
  readonly idleMilliseconds?: number;
}

interface Comparison {
  readonly message: ToPasswordWorker;
  readonly resolve: (matches: boolean) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Compares passwords with bcrypt hashes in a separate thread, one at a time.
 *
 * The thread starts with the first comparison and ends when it is idle. It does not keep the process alive. If threads
 * cannot start, passwords are compared in the current thread.
 */
export class Comparisons {
  readonly #limits: Required<ComparisonLimits>;
  readonly #waiting: Comparison[] = [];
  #running: Comparison | undefined;
  #worker: Promise<Worker> | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor({ waiting = 32, idleMilliseconds = 10_000 }: ComparisonLimits = {}) {
    this.#limits = { waiting, idleMilliseconds };
  }

  /** Whether the password matches the hash. Resolves to `undefined` immediately if too many comparisons wait. */
  async compare(password: string, hash: string, decoys: readonly string[] = []): Promise<boolean | undefined> {
    if (this.#running !== undefined && this.#waiting.length >= this.#limits.waiting) return undefined;
    return new Promise<boolean>((resolve, reject) => {
      this.#waiting.push({ message: { password, hash, decoys }, resolve, reject });
      if (this.#running === undefined) this.#next();
    });
  }

  #next(): void {
    clearTimeout(this.#idle);
    this.#running = this.#waiting.shift();
    if (this.#running === undefined) {
      this.#idle = setTimeout(() => this.#end(), this.#limits.idleMilliseconds).unref();
      return;
    }
    const { message } = this.#running;
    this.#worker ??= this.#start();
    this.#worker.then(
      (worker) => worker.postMessage(message),
      () => this.#compareHere(),
    );
  }

  async #start(): Promise<Worker> {
    // Import this large module only if passwords are compared.
    const { passwordWorkerCode } = await import('./password-worker-code.js');
    const worker = new Worker(passwordWorkerCode.code, { ...passwordWorkerCode.options, name: 'tinyllm-passwords' });
    worker.unref();
    worker.on('message', ({ matches }: FromPasswordWorker) => {
      this.#running?.resolve(matches);
      this.#next();
    });
    worker.on('error', () => this.#compareHere());
    return worker;
  }

  /** Runs the comparison in this thread, because the other thread failed. The next comparison starts another thread. */
  #compareHere(): void {
    this.#worker = undefined;
    const comparison = this.#running;
    if (comparison === undefined) return;
    compareHere(comparison.message)
      .then(comparison.resolve, comparison.reject)
      .finally(() => this.#next());
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await (await worker)?.terminate();
  }
}

/** Compares in this thread, in slices of up to 100 ms. */
async function compareHere({ password, hash, decoys }: ToPasswordWorker): Promise<boolean> {
  const { compare } = await import('bcryptjs');
  const matches = await compare(password, hash);
  if (!matches) for (const decoy of decoys) await compare(password, decoy);
  return matches;
}
