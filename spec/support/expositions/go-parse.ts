import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import type { Escaping } from '../../../lib/core/formats/format.js';
import { goParsePath } from '../e2e-programs.js';

/** A response of a metrics endpoint. */
export interface ExposedBody {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** The metadata of a metric, as a parser returns it. */
export interface ReadFamily {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** A native histogram. Buckets are counts by index, not cumulative. Numbers are the shortest exact decimals of Go. */
export interface ReadNative {
  readonly schema: number;
  readonly zeroThreshold: string;
  readonly zeroCount: string;
  readonly count: string;
  readonly sum: string;
  readonly positive: Readonly<Record<string, string>>;
  readonly negative: Readonly<Record<string, string>>;
}

/** A sample: a number, or a native histogram with an empty `value`. Times are in milliseconds. */
export interface ReadSample {
  /** Includes the sample's name as `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
  readonly histogram: ReadNative | null;
  readonly timestamp: number | null;
  /** The start timestamp. 0 if there is none. */
  readonly start: number;
  readonly exemplars:
    | readonly {
        readonly labels: Readonly<Record<string, string>>;
        readonly value: string;
        readonly timestamp: number | null;
      }[]
    | null;
}

/** The content of a body, as one of Prometheus's parsers reads it. */
export interface GoReading {
  /** Empty if the parser accepts the body. */
  readonly error: string;
  readonly families: Readonly<Record<string, ReadFamily>>;
  readonly samples: readonly ReadSample[] | null;
}

/** Parses bodies with Prometheus's parsers. `expfmt` is null for OpenMetrics, which it doesn't support. */
export async function parseWithGo(
  bodies: readonly ExposedBody[],
): Promise<readonly { readonly textparse: GoReading; readonly expfmt: GoReading | null }[]> {
  const framed = bodies.flatMap(({ contentType, body }) => [Buffer.from(`${contentType}\n${body.length}\n`), body]);
  return linesOf(await run([], Buffer.concat(framed)));
}

/** Escapes names with each scheme, as Prometheus's Go client does. */
export async function escapeWithGo(
  names: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<Escaping, string>>>> {
  const lines = names.map((name) => `${JSON.stringify(name)}\n`).join('');
  const escaped = linesOf<Record<Escaping, string>>(await run(['escape'], Buffer.from(lines)));
  return new Map(names.map((name, index) => [name, escaped[index]!]));
}

function linesOf<Line>(output: string): Line[] {
  const lines = output.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

/** Some invalid texts make Prometheus's parser of OpenMetrics 1.0 loop forever. */
const MAX_MILLISECONDS = 60_000;

async function run(args: readonly string[], input: Buffer): Promise<string> {
  const child = spawn(goParsePath, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: MAX_MILLISECONDS });
  const exited = new Promise<string>((resolve, reject) => {
    child.on('error', reject).on('exit', (code, signal) => resolve(String(code ?? signal)));
  });
  // The exit code explains why a pipe was closed early.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [output, code] = await Promise.all([buffer(child.stdout), exited]);
  if (code !== '0') throw new Error(`${goParsePath} ended with ${code}.`);
  return output.toString();
}
