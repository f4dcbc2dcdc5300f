import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';

const run = promisify(execFile);

/** A terminal with a shell in it, of a tmux server of its own. */
export class Terminal {
  /** Holds the server's socket, which tmux leaves behind. */
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Opens one, 100 characters wide and 30 high. */
  static async open(): Promise<Terminal> {
    const terminal = new Terminal(await mkdtemp(join(tmpdir(), 'tinyllm-tmux-')));
    await terminal.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '100', '-y', '30', 'env PS1="ready$ " sh');
    return terminal;
  }

  /** Types keys in tmux' words: texts as they stand, and such as `Enter` and `C-z`. */
  async type(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** Waits until what stands on the terminal matches, and returns it. */
  async until(pattern: RegExp): Promise<string> {
    let last = '';
    return eventually(async () => {
      last = await this.#tmux('capture-pane', '-p');
      return pattern.test(last) && last;
    }).catch(() => {
      throw new Error(`the terminal does not show ${pattern}:\n${last}`);
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
