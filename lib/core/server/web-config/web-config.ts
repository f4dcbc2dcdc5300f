import { WebConfigError } from '../../errors/errors.js';
import { WatchedFiles } from '../../files/watched-files.js';
import { Comparisons } from './comparisons.js';
import { FailureLimit } from './failure-limit.js';
import { Passwords } from './passwords.js';
import type { readWebConfig } from './read-web-config.js';
import type { WebSettings } from './web-settings.js';

/** How to follow a web configuration file. */
export interface WebConfigOptions {
  /** Told once of each change that cannot be taken; what was in force before stays so. */
  readonly onProblem?: (error: WebConfigError) => void;
  /** The least time between two looks at the files, in milliseconds; default 1000. */
  readonly lookMilliseconds?: number;
}

/** What is in force now. */
export interface WebConfigState extends WebSettings {
  readonly passwords: Passwords;
}

/** A web configuration that follows its files; made by `openWebConfig`. */
export class WebConfig {
  readonly #file: string;
  readonly #read: typeof readWebConfig;
  readonly #onProblem: WebConfigOptions['onProblem'];
  readonly #lookMilliseconds: number;
  readonly #checks = { comparisons: new Comparisons(), failures: new FailureLimit() };
  #files = new WatchedFiles();
  #state: WebConfigState;
  #lookedAt = performance.now();

  constructor(file: string, read: typeof readWebConfig, { onProblem, lookMilliseconds = 1_000 }: WebConfigOptions) {
    this.#file = file;
    this.#read = read;
    this.#onProblem = onProblem;
    this.#lookMilliseconds = lookMilliseconds;
    this.#state = this.#load(this.#files, undefined);
  }

  /** What is in force now; a new object after each change of the files. */
  current(): WebConfigState {
    const now = performance.now();
    if (now - this.#lookedAt < this.#lookMilliseconds) return this.#state;
    this.#look();
    return this.#state;
  }

  /** Looks at the files also while nobody asks, so that what is wrong with them is told at once; until it is told to stop. */
  follow(): () => void {
    const timer = setInterval(() => this.#look(), Math.max(this.#lookMilliseconds, 10)).unref();
    return () => clearInterval(timer);
  }

  #look(): void {
    this.#lookedAt = performance.now();
    if (this.#files.changed()) this.#reload();
  }

  #reload(): void {
    // Also of a change that cannot be taken the files are followed: what puts it right may be in another of them.
    this.#files = new WatchedFiles();
    try {
      const state = this.#load(this.#files, this.#state.passwords);
      if ((state.tls === undefined) !== (this.#state.tls === undefined)) {
        const problem = 'tls_server_config came or went, which only a restart can take.';
        throw new WebConfigError(problem, { file: this.#file });
      }
      this.#state = state;
    } catch (error) {
      if (!(error instanceof WebConfigError)) throw error;
      this.#onProblem?.(error);
    }
  }

  #load(files: WatchedFiles, previous: Passwords | undefined): WebConfigState {
    const settings = this.#read(this.#file, files);
    return { ...settings, passwords: new Passwords(settings.users, this.#checks, previous) };
  }
}

/**
 * Opens a web configuration: exporter-toolkit's `web.config.yml` with `tls_server_config`, `http_server_config` and
 * `basic_auth_users`.
 *
 * Paths in it are relative to it. It is reread when it or a file it names has changed.
 *
 * @throws {WebConfigError} when a file cannot be read, is not valid, or asks for something that is not supported.
 */
export async function openWebConfig(file: string, options: WebConfigOptions = {}): Promise<WebConfig> {
  // The schema and YAML libraries are loaded by those who have such a file.
  const { readWebConfig } = await import('./read-web-config.js');
  return new WebConfig(file, readWebConfig, options);
}
