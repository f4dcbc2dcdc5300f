import { WebConfigError } from '../../errors/errors.js';
import { WatchedFiles } from '../../files/watched-files.js';
import { Comparisons } from './comparisons.js';
import { FailureLimit } from './failure-limit.js';
import { Passwords } from './passwords.js';
import type { readWebConfig } from './read-web-config.js';
import type { WebSettings } from './web-settings.js';

/** Options of a web configuration. */
export interface WebConfigOptions {
  /** Called once for each invalid change of the files. The previous settings stay in use. */
  readonly onProblem?: (error: WebConfigError) => void;
  /** Minimum time between two checks of the files, in milliseconds; default 1000. */
  readonly lookMilliseconds?: number;
}

/** The current settings and passwords. */
export interface WebConfigState extends WebSettings {
  readonly passwords: Passwords;
}

/** A web configuration that is reloaded when its files change. Create it with `openWebConfig`. */
export class WebConfig {
  readonly #file: string;
  readonly #read: typeof readWebConfig;
  readonly #onProblem: WebConfigOptions['onProblem'];
  readonly #lookMilliseconds: number;
  readonly #checks = { comparisons: new Comparisons(), failures: new FailureLimit() };
  #files = new WatchedFiles();
  #state: WebConfigState;
  #checkedAt = performance.now();

  constructor(file: string, read: typeof readWebConfig, { onProblem, lookMilliseconds = 1_000 }: WebConfigOptions) {
    this.#file = file;
    this.#read = read;
    this.#onProblem = onProblem;
    this.#lookMilliseconds = lookMilliseconds;
    this.#state = this.#load(this.#files, undefined);
  }

  /** Returns the current settings: a new object after each change of the files. */
  current(): WebConfigState {
    const now = performance.now();
    if (now - this.#checkedAt < this.#lookMilliseconds) return this.#state;
    this.#reloadIfChanged();
    return this.#state;
  }

  /**
   * Checks the files periodically, so that problems are reported without requests.
   *
   * Returns a function that stops this.
   */
  follow(): () => void {
    const timer = setInterval(() => this.#reloadIfChanged(), Math.max(this.#lookMilliseconds, 10)).unref();
    return () => clearInterval(timer);
  }

  #reloadIfChanged(): void {
    this.#checkedAt = performance.now();
    if (this.#files.changed()) this.#reload();
  }

  #reload(): void {
    // Watch the files that are read now even if the change is invalid, because the fix can be in any of these files.
    this.#files = new WatchedFiles();
    try {
      const state = this.#load(this.#files, this.#state.passwords);
      if ((state.tls === undefined) !== (this.#state.tls === undefined)) {
        const problem = 'tls_server_config was added or removed; restart the server to apply this change.';
        throw new WebConfigError(problem, { file: this.#file });
      }
      this.#state = state;
    } catch (error) {
      if (!(error instanceof WebConfigError)) throw error;
      error.message += ' The previous configuration stays in use.';
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
 * Paths in the file are relative to its folder. The file is read again when it or a file that it names has changed.
 *
 * @throws {WebConfigError} if a file cannot be read, is invalid, or contains an unsupported setting.
 */
export async function openWebConfig(file: string, options: WebConfigOptions = {}): Promise<WebConfig> {
  // Import the schema and the YAML library only if there is a file.
  const { readWebConfig } = await import('./read-web-config.js');
  return new WebConfig(file, readWebConfig, options);
}
