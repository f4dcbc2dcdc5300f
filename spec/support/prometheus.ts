import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** A native histogram in the result of a query. Numbers are texts. */
export interface QueryHistogram {
  readonly count: string;
  readonly sum: string;
  /** The buckets with observations. The first number states which bounds are inclusive. Omitted if there are none. */
  readonly buckets?: readonly (readonly [inclusive: number, lower: string, upper: string, count: string])[];
}

/** One series in the result of an instant query. The value is a text. */
export interface QuerySample {
  readonly metric: Readonly<Record<string, string>>;
  /** Empty if the sample is a native histogram. */
  readonly value: string;
  readonly histogram?: QueryHistogram | undefined;
}

/** A real Prometheus that scrapes one target every second. */
export interface RunningPrometheus {
  readonly url: string;
  /** Evaluates an expression now. Throws Prometheus's error message if it fails. */
  query(expression: string): Promise<QuerySample[]>;
  /** Returns the data of a path of the HTTP API, such as `targets`. Throws Prometheus's error message if it fails. */
  read(path: string, parameters?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The warnings and errors so far. */
  readonly log: string;
  close(): Promise<void>;
}

/** The scrape settings of a job, with the keys of Prometheus's configuration. */
export interface ScrapeJob {
  readonly scheme?: 'http' | 'https';
  /** Paths are absolute. */
  readonly tls_config?: { readonly ca_file: string; readonly cert_file?: string; readonly key_file?: string };
  readonly basic_auth?: { readonly username: string; readonly password: string };
  /** `host:port`. Default: the target of all jobs. */
  readonly target?: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly scrape_protocols?: readonly string[];
  readonly scrape_native_histograms?: boolean;
  readonly always_scrape_classic_histograms?: boolean;
  readonly metric_name_validation_scheme?: 'utf8' | 'legacy';
  readonly metric_name_escaping_scheme?: string;
}

/** The options of `startPrometheus`. */
export interface PrometheusOptions {
  /** Jobs by name. Default: one job, `tinyllm`. */
  readonly jobs?: Readonly<Record<string, ScrapeJob>>;
  /** The name or path of the program. Default: Debian's Prometheus. */
  readonly program?: string;
  /** Feature flags to enable. Default: none. */
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
      ...features.map((feature) => `--enable-feature=${feature}`),
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const url = `http://${address}`;
  const close = async (): Promise<void> => {
    await stop(child);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await ready(child, url, () => log);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{ url, close },
    query: (expression) => query(url, expression),
    read: (path, parameters) => read(url, path, parameters),
    get log() {
      return log;
    },
  };
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

async function ready(child: ChildProcess, url: string, log: () => string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  await eventually(async () => {
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`prometheus ended with code ${child.exitCode}: ${log()}`);
    return (await fetch(`${url}/-/ready`)).ok;
  });
}

async function query(url: string, expression: string): Promise<QuerySample[]> {
  const { resultType, result } = (await read(url, 'query', { query: expression })) as QueryResult;
  if (resultType !== 'vector') return [];
  return result.map(({ metric, value, histogram }) => ({
    metric,
    value: value?.[1] ?? '',
    ...(histogram && { histogram: histogram[1] }),
  }));
}

interface QueryResult {
  readonly resultType: string;
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value?: readonly [number, string];
    readonly histogram?: readonly [number, QueryHistogram];
  }[];
}

async function read(url: string, path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
  const body = (await response.json()) as { readonly status: string; readonly error?: string; readonly data: unknown };
  if (body.status !== 'success') throw new Error(`${Object.values(parameters).join(' ')}: ${body.error}`);
  return body.data;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
