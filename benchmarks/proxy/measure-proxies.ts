import { readFileSync } from 'node:fs';
import { median, type Summary, summarize } from '../statistics.js';
import { BenchClient } from './client.js';
import type { Subject } from './subjects.js';

/** What was measured of one server. */
export interface ProxyFigures {
  /** Of a whole answer of 1 KB, and to the first byte of a stream: the medians of rounds, in microseconds. */
  readonly whole: Summary;
  readonly first: Summary;
  /** What it adds to asking the upstream itself: the median of the rounds' differences, in microseconds. */
  readonly wholeAdded: number;
  readonly firstAdded: number;
  /** Pieces of streams a second, by how many streams ran at a time. */
  readonly pieces: ReadonlyMap<number, Summary>;
}

/** How much is measured. */
export interface Effort {
  readonly rounds: number;
  /** Exchanges of a round. */
  readonly exchanges: number;
  readonly streams: readonly number[];
  readonly streamRounds: number;
  /** Streams of a round, for each that runs at a time. */
  readonly streamsEach: number;
}

/** Pieces of a stream where throughput is measured. */
const piecesPerStream = 100;

/** Measures servers in turns, the upstream itself first. */
export async function measureProxies(subjects: readonly Subject[], effort: Effort): Promise<ProxyFigures[]> {
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
  const pieces = new Map<number, Summary[]>();
  for (const streams of effort.streams) {
    const rates = await inTurns(subjects, effort.streamRounds + 1, (subject) => throughput(subject, streams, effort));
    pieces.set(streams, rates.map(summarize));
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
      pieces: new Map([...pieces].map(([streams, rates]) => [streams, rates[place]!])),
    };
  });
}

/** Lets so many streams run at a time, each client asking anew when one has ended. */
async function throughput(subject: Subject, streams: number, { streamsEach }: Effort): Promise<number> {
  const client = new BenchClient(subject.port, streams);
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: streams }, async () => {
      for (let left = streamsEach; left > 0; left--) await client.ask(piecesPerStream);
    }),
  );
  const seconds = (performance.now() - begun) / 1_000;
  client.close();
  return (streams * streamsEach * piecesPerStream) / seconds;
}

/** One figure a subject and round; the first round warms up, and is left out. */
async function inTurns<Figure>(
  subjects: readonly Subject[],
  rounds: number,
  measure: (subject: Subject) => Promise<Figure>,
): Promise<Figure[][]> {
  const figures: Figure[][] = subjects.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [place, subject] of subjects.entries()) {
      const figure = await measure(subject);
      if (round > 0) figures[place]?.push(figure);
    }
  }
  return figures;
}

/** Resident memory of a process, in MiB, over so many exchanges: looked at ten times. */
export async function memoryOver(subject: Subject, exchanges: number): Promise<number[]> {
  const client = new BenchClient(subject.port, 32);
  const held: number[] = [];
  for (let look = 0; look <= 10; look++) {
    let left = look === 0 ? exchanges / 20 : exchanges / 10;
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        while (left-- > 0) await client.ask(left % 4 === 0 ? 10 : undefined);
      }),
    );
    held.push(residentMiB(subject.pid ?? 0));
  }
  client.close();
  return held;
}

function residentMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}
