import { readFileSync } from 'node:fs';
import { median, type Summary, summarize } from '../statistics.js';
import { BenchClient } from './client.js';
import type { Subject } from './subjects.js';

/** The measurements of one server. */
export interface ProxyMeasurement {
  /** Microseconds to the end of a complete response of 1 KB, and to the first byte of a stream, over all rounds. */
  readonly whole: Summary;
  readonly first: Summary;
  /** Microseconds that the server adds to a request to the upstream: the median difference of the rounds. */
  readonly wholeAdded: number;
  readonly firstAdded: number;
  /** Stream chunks per second, by the number of concurrent streams. */
  readonly chunks: ReadonlyMap<number, Summary>;
}

/** The number of rounds, exchanges and streams to measure. */
export interface Effort {
  readonly rounds: number;
  /** Exchanges per round. */
  readonly exchanges: number;
  readonly streams: readonly number[];
  readonly streamRounds: number;
  /** Sequential streams per round, for each concurrent stream. */
  readonly streamsEach: number;
}

/** Chunks per stream when throughput is measured. */
const chunksPerStream = 100;

/** Measures servers in turns, the upstream itself first. */
export async function measureProxies(subjects: readonly Subject[], effort: Effort): Promise<ProxyMeasurement[]> {
  const latencies = await inTurns(subjects, effort.rounds + 1, async (subject) => {
    const client = new BenchClient(subject.port, 1);
    const whole: number[] = [];
    const first: number[] = [];
    for (let left = effort.exchanges; left > 0; left--) {
      whole.push((await client.ask()).last * 1_000);
      first.push((await client.ask(3)).first * 1_000);
    }
    client.close();
    return { whole: median(whole), first: median(first) };
  });
  const chunks = new Map<number, Summary[]>();
  for (const streams of effort.streams) {
    const rates = await inTurns(subjects, effort.streamRounds + 1, (subject) => throughput(subject, streams, effort));
    chunks.set(streams, rates.map(summarize));
  }
  const [direct = []] = latencies;
  return latencies.map((rounds, place) => {
    const added = (of: 'whole' | 'first'): number =>
      median(rounds.map((round, index) => round[of] - (direct[index]?.[of] ?? 0)));
    return {
      whole: summarize(rounds.map(({ whole }) => whole)),
      first: summarize(rounds.map(({ first }) => first)),
      wholeAdded: added('whole'),
      firstAdded: added('first'),
      chunks: new Map([...chunks].map(([streams, rates]) => [streams, rates[place]!])),
    };
  });
}

/** Runs streams concurrently, starts the next one when one ends, and returns the chunks per second. */
async function throughput(subject: Subject, streams: number, { streamsEach }: Effort): Promise<number> {
  const client = new BenchClient(subject.port, streams);
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: streams }, async () => {
      for (let left = streamsEach; left > 0; left--) await client.ask(chunksPerStream);
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  client.close();
  return (streams * streamsEach * chunksPerStream) / seconds;
}

/** Returns one measurement per subject and round. The first round warms up, and is not included. */
async function inTurns<Measurement>(
  subjects: readonly Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<Measurement>,
): Promise<Measurement[][]> {
  const measurements: Measurement[][] = subjects.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [place, subject] of subjects.entries()) {
      const measurement = await measure(subject);
      if (round > 0) measurements[place]?.push(measurement);
    }
  }
  return measurements;
}

/** Resident memory of a process in MiB: after a warm-up, and after each tenth of the exchanges. */
export async function memoryOver(subject: Subject, exchanges: number): Promise<number[]> {
  const client = new BenchClient(subject.port, 32);
  const memory: number[] = [];
  for (let tenth = 0; tenth <= 10; tenth++) {
    let left = tenth === 0 ? exchanges / 20 : exchanges / 10;
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        while (left-- > 0) await client.ask(left % 4 === 0 ? 10 : undefined);
      }),
    );
    memory.push(residentMiB(subject.pid ?? 0));
  }
  client.close();
  return memory;
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
