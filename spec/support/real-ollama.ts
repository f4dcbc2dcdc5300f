import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ollamaPath } from './e2e-programs.js';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const run = promisify(execFile);

/**
 * The Ollama that `.ci/fetch-ollama` builds. It runs on a free loopback port, with its home and models in a temporary
 * folder.
 */
export class RealOllama {
  #printed = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly host: string,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#printed = (this.#printed + text).slice(-4_000);
    });
  }

  /** Starts a server without models and waits until it is ready. */
  static async start(): Promise<RealOllama> {
    const folder = await mkdtemp(join(tmpdir(), 'tinyllm-ollama-'));
    await mkdir(join(folder, 'models'));
    const host = `127.0.0.1:${await freePort()}`;
    const child = spawn(ollamaPath, ['serve'], {
      env: environmentOf(folder, host),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const server = new RealOllama(child, folder, host);
    let failure: Error | undefined;
    child.once('error', (error) => {
      failure = error;
    });
    try {
      await eventually(async () => {
        if (failure !== undefined) throw failure;
        if (server.#hasEnded) throw new Error(`Ollama exited early: ${server.#printed}`);
        return (await fetch(`${server.url}/api/version`)).ok;
      });
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  /** Adds a model from a GGUF file. `ollama pull` would download one from Ollama's registry instead. */
  async addModel(name: string, file: string): Promise<void> {
    const modelfile = join(this.folder, 'Modelfile');
    // One thread: several threads wait for each other in busy loops, so a token takes seconds on busy processors.
    await writeFile(modelfile, `FROM ${resolve(file)}\nPARAMETER num_thread 1\n`);
    await run(ollamaPath, ['create', name, '-f', modelfile], { env: environmentOf(this.folder, this.host) });
  }

  /** Removes a model from memory and waits until it is unloaded. */
  async unload(model: string): Promise<void> {
    await this.#post('/api/generate', { model, keep_alive: 0, stream: false });
    await eventually(async () => !(await this.loadedModels()).includes(model));
  }

  /** The models in memory. */
  async loadedModels(): Promise<readonly string[]> {
    const answer = await fetch(`${this.url}/api/ps`);
    const { models } = (await answer.json()) as { readonly models: readonly { readonly name: string }[] };
    return models.map(({ name }) => name);
  }

  /** Ends the server, which also ends the processes of its models, and removes the folder. */
  async stop(): Promise<void> {
    if (this.child.pid !== undefined && !this.#hasEnded) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGTERM');
      const hung = setTimeout(() => this.child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(hung);
    }
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }

  get #hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async #post(path: string, body: unknown): Promise<void> {
    const answer = await fetch(this.url + path, { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Ollama returned ${answer.status} for ${path}: ${text}`);
  }
}

/** An environment without the user's own settings of Ollama. */
function environmentOf(folder: string, host: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: folder, OLLAMA_HOST: host, OLLAMA_MODELS: join(folder, 'models') };
}
