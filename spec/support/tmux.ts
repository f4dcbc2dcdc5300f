import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';

const run = promisify(execFile);

/** A terminal that runs a shell in its own tmux server. */
export class Terminal {
  /** Contains the server's socket, which tmux does not remove. */
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens a terminal of 100 columns and 30 lines. */
  static async open(): Promise<Terminal> {
    const terminal = new Terminal(await mkdtemp(join(tmpdir(), 'tinyllm-tmux-')));
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', 'env PS1="ready$ " sh');
    return terminal;
  }

  /** Types keys in the syntax of tmux: literal text, or key names such as `Enter` and `C-z`. */
  async type(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** Waits until the text of the terminal matches, and returns the text. */
  async until(pattern: RegExp): Promise<string> {
    let last = '';
    return eventually(async () => {
      last = await this.#tmux('capture-pane', '-p');
      return pattern.test(last) && last;
    }).catch(() => {
      throw new Error(`The terminal does not show ${pattern}:\n${last}`);
    });
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server');
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    return (await run('tmux', ['-S', join(this.#folder, 'socket'), ...args])).stdout;
  }
}
