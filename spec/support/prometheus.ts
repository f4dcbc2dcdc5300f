import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** One series in the result of an instant query. The value is a text. */
export interface QuerySample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: string;
}

/** A real Prometheus that scrapes one target every second. */
export interface RunningPrometheus {
  readonly url: string;
  /** Evaluates an expression now. Throws Prometheus's error message if it fails. */
  query(expression: string): Promise<QuerySample[]>;
  close(): Promise<void>;
}

/** The scrape settings of a job, with the keys of Prometheus's configuration. */
export interface ScrapeJob {
  readonly scheme?: 'http' | 'https';
  /** Paths are absolute. */
  readonly tls_config?: { readonly ca_file: string; readonly cert_file?: string; readonly key_file?: string };
  readonly basic_auth?: { readonly username: string; readonly password: string };
  readonly scrape_protocols?: readonly string[];
  readonly metric_name_escaping_scheme?: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly scrape_native_histograms?: boolean;
  /** `host:port`. Default: the target of all jobs. */
  readonly target?: string;
}

/** The options of `startPrometheus`. */
export interface PrometheusOptions {
  /** Jobs by name. Default: one job, `tinyllm`. */
  readonly jobs?: Readonly<Record<string, ScrapeJob>>;
  /** The name or path of the program. Default: Debian's Prometheus. */
  readonly program?: string;
  /** Names of features that are disabled by default. */
  readonly features?: readonly string[];
}

/** Starts Prometheus on a free loopback port. It scrapes `target` (`host:port`) once per second. */
export async function startPrometheus(
  target: string,
  { jobs = { tinyllm: {} }, program = 'prometheus', features = [] }: PrometheusOptions = {},
): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'tinyllm-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, configFor(target, jobs));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
      ...(features.length === 0 ? [] : [`--enable-feature=${features.join(',')}`]),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const url = `http://${address}`;
  const close = async (): Promise<void> => {
    await stop(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await ready(child, url);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, query: (expression) => query(url, expression), close };
}

function configFor(target: string, jobs: Readonly<Record<string, ScrapeJob>>): string {
  // JSON is valid YAML.
  return JSON.stringify({
    global: { scrape_interval: '1s', scrape_timeout: '900ms' },
    scrape_configs: Object.entries(jobs).map(([name, { target: own = target, ...job }]) => ({
      job_name: name,
      static_configs: [{ targets: [own] }],
      ...job,
    })),
  });
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  await eventually(async () => {
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`prometheus ended with code ${child.exitCode}: ${output}`);
    return (await fetch(`${url}/-/ready`)).ok;
  });
}

async function query(url: string, expression: string): Promise<QuerySample[]> {
  const response = await fetch(`${url}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query: expression }),
  });
  const body = (await response.json()) as QueryResponse;
  if (body.status !== 'success') throw new Error(`${expression}: ${body.error}`);
  if (body.data.resultType !== 'vector') return [];
  return body.data.result.map(({ metric, value: [, value] }) => ({ metric, value }));
}

type QueryResponse =
  | { readonly status: 'error'; readonly error: string }
  | {
      readonly status: 'success';
      readonly data: {
        readonly resultType: string;
        readonly result: readonly {
          readonly metric: Readonly<Record<string, string>>;
          readonly value: readonly [number, string];
        }[];
      };
    };

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
