import { get } from 'node:http';
import { performance } from 'node:perf_hooks';
import { type Summary, summarize } from '../statistics.js';
import { type ScrapedProgram, type ScrapedSeries, startGo, startTinyllm } from './scraped-program.js';

/** The formats of the measured scrapes. */
export type ScrapedFormat = keyof typeof FORMATS;

/** The cost of compressed scrapes of one program in one format. */
export interface FormatCost {
  readonly library: 'tinyllm' | 'client_golang';
  readonly format: ScrapedFormat;
  readonly native: boolean;
  /** Milliseconds from the request to the last byte. */
  readonly time: Summary;
  /** The size of a compressed response. */
  readonly bytes: number;
}

/** The scrapes to measure. */
export interface ScrapePlan {
  readonly series: number;
  readonly rounds: number;
  /** The path of the Go program. Undefined if it can't be built. */
  readonly go: string | undefined;
}

const PROTOBUF = 'application/vnd.google.protobuf';

/** The media type, and the parameters that a client requests. */
const FORMATS = {
  text: ['text/plain', 'version=0.0.4'],
  'OpenMetrics 1.0': ['application/openmetrics-text', 'version=1.0.0'],
  protobuf: [PROTOBUF, 'proto=io.prometheus.client.MetricFamily;encoding=delimited'],
} as const;

const WARM_UP_ROUNDS = 3;

/**
 * Scrapes TinyLLM and client_golang in each format, in turns, with gzip.
 *
 * The program writes a value to each of its series before each scrape. The time of these writes is not measured.
 */
export async function measureFormats({ series, rounds, go }: ScrapePlan): Promise<FormatCost[]> {
  const subjects: Subject[] = [];
  try {
    for (const native of [false, true]) {
      subjects.push(new Subject('tinyllm', native, await startTinyllm({ series, native })));
      if (go !== undefined) subjects.push(new Subject('client_golang', native, await startGo(go, { series, native })));
    }
    for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
      for (const format of Object.keys(FORMATS) as ScrapedFormat[]) {
        for (const subject of subjects) await subject.scrape(format, round >= 0);
      }
    }
    const formats = Object.keys(FORMATS) as ScrapedFormat[];
    return formats.flatMap((format) => subjects.map((subject) => subject.cost(format)));
  } finally {
    for (const subject of subjects) subject.stop();
  }
}

class Subject {
  readonly #times = new Map<ScrapedFormat, number[]>();
  readonly #bytes = new Map<ScrapedFormat, number>();

  constructor(
    private readonly library: FormatCost['library'],
    private readonly native: ScrapedSeries['native'],
    private readonly program: ScrapedProgram,
  ) {}

  async scrape(format: ScrapedFormat, keep: boolean): Promise<void> {
    await this.program.observe();
    const started = performance.now();
    const bytes = await compressedSize(this.program.url, format);
    const elapsed = performance.now() - started;
    this.#bytes.set(format, bytes);
    if (!keep) return;
    const times = this.#times.get(format) ?? [];
    times.push(elapsed);
    this.#times.set(format, times);
  }

  cost(format: ScrapedFormat): FormatCost {
    const { library, native } = this;
    return { library, format, native, time: summarize(this.#times.get(format)!), bytes: this.#bytes.get(format)! };
  }

  stop(): void {
    this.program.stop();
  }
}

/** Requests a format with gzip, and counts the bytes of the body without decompressing it. */
function compressedSize(url: string, format: ScrapedFormat): Promise<number> {
  const [type, parameters] = FORMATS[format];
  const headers = { Accept: `${type};${parameters}`, 'Accept-Encoding': 'gzip' };
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      const { 'content-type': contentType = '', 'content-encoding': encoding } = response.headers;
      if (!contentType.startsWith(type) || encoding !== 'gzip') {
        reject(new Error(`${url} answered ${contentType}, ${encoding}; expected ${type}, gzip.`));
      }
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}
