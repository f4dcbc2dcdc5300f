import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import { endProcess } from './instance.js';

/** A running Prometheus or Alertmanager with an exported configuration. */
export interface KitServer {
  /** `host:port`. */
  readonly address: string;
  /** Requests an API path and returns the data of the response. Throws the server's error if the request fails. */
  ask<Answer>(path: string): Promise<Answer>;
  close(): Promise<void>;
}

/** How to start a server with an exported configuration. */
export interface KitServerOptions {
  /** Replacements of `host:port` texts in the file, because specs use free ports. */
  readonly instead: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
  /** Default: a free port. */
  readonly port?: number;
  /** The folder of the export. Default: samples/monitoring. */
  readonly folder?: string;
  /** The name or path of the program. Default: Debian's Prometheus. */
  readonly program?: string;
  /** Additional options of all scrape jobs. */
  readonly scrapeOptions?: Readonly<Record<string, boolean>>;
}

const samples = 'samples/monitoring';

/** Starts Prometheus with an exported configuration, other targets, and intervals of one second. */
export async function startKitPrometheus(file: string, options: KitServerOptions): Promise<KitServer> {
  const { folder = samples, program = 'prometheus', scrapeOptions = {} } = options;
  const path = join(folder, file);
  const config = parse(replaced(readFileSync(path, 'utf8'), options.instead));
  const { evaluation_interval: evaluationInterval, ...kept } = config.global;
  config.global = {
    ...kept,
    scrape_interval: '1s',
    scrape_timeout: '900ms',
    ...(evaluationInterval === undefined ? {} : { evaluation_interval: '1s' }),
  };
  if (config.rule_files !== undefined) {
    config.rule_files = config.rule_files.map((name: string) => resolve(dirname(path), name));
  }
  for (const job of config.scrape_configs) Object.assign(job, scrapeOptions);
  const isAgent = options.flags?.some((flag) => flag === '--agent' || flag === '--enable-feature=agent') === true;
  return start(program, JSON.stringify(config), {
    ...options,
    storage: isAgent ? '--storage.agent.path' : '--storage.tsdb.path',
    flags: [...(options.flags ?? []), '--log.level=error'],
  });
}

/** Starts Alertmanager with the configuration of samples/monitoring. */
export async function startKitAlertmanager(port: number): Promise<KitServer> {
  const config = readFileSync(join(samples, 'alertmanager/alertmanager.yml'), 'utf8');
  return start('prometheus-alertmanager', config, {
    port,
    storage: '--storage.path',
    flags: ['--cluster.listen-address=', '--log.level=error'],
  });
}

interface StartOptions {
  readonly port?: number | undefined;
  readonly storage: string;
  readonly flags: readonly string[];
}

async function start(program: string, config: string, { port, storage, flags }: StartOptions): Promise<KitServer> {
  const home = await mkdtemp(join(tmpdir(), 'tinyllm-kit-'));
  const file = join(home, 'config.yml');
  await writeFile(file, config);
  const address = `127.0.0.1:${port ?? (await freePort())}`;
  const args = [
    `--config.file=${file}`,
    `${storage}=${join(home, 'data')}`,
    `--web.listen-address=${address}`,
    ...flags,
  ];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const close = async (): Promise<void> => {
    await endProcess(child);
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  };
  await eventually(async () => (await fetch(`http://${address}/-/ready`)).ok).catch(async (error: unknown) => {
    await close();
    throw new Error(`${program} was not ready in time: ${output}`, { cause: error });
  });
  return { address, ask: (path) => ask(`http://${address}${path}`), close };
}

async function ask<Answer>(url: string): Promise<Answer> {
  const body = (await (await fetch(url)).json()) as { status?: string; error?: string; data?: Answer };
  if (body.status === 'error') throw new Error(`${decodeURIComponent(url)}: ${body.error}`);
  // Alertmanager's API returns the data itself, without a `data` field.
  return body.data ?? (body as Answer);
}

function replaced(text: string, instead: Readonly<Record<string, string>>): string {
  return Object.entries(instead).reduce((whole, [host, other]) => {
    if (!whole.includes(host)) throw new Error(`The configuration does not contain ${host}.`);
    return whole.replaceAll(host, other);
  }, text);
}

/** One sample in the result of an instant query. */
export interface KitSample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** Evaluates an expression now. */
export async function evaluate(server: KitServer, expression: string): Promise<readonly KitSample[]> {
  const path = `/api/v1/query?query=${encodeURIComponent(expression)}`;
  return (await server.ask<{ readonly result: readonly KitSample[] }>(path)).result;
}

/** Waits until an expression has exactly one sample with this value. */
export async function untilEqual(server: KitServer, expression: string, expected: number): Promise<void> {
  let last = 'nothing';
  await eventually(async () => {
    const samples = await evaluate(server, expression);
    last = samples.map(({ value }) => value[1]).join(', ') || 'nothing';
    return samples.length === 1 && Number(last) === expected;
  }).catch(() => {
    throw new Error(`${expression} is ${last}; expected ${expected}.`);
  });
}
