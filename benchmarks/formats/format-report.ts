import { spread, table, targetLines } from '../markdown.js';
import type { FormatCosts, NativeMemory } from './format-costs.js';
import { formatTargets } from './format-targets.js';

/** Formats the costs of the formats as a section of the report. */
export function formatSection(costs: FormatCosts): string[] {
  const { series, scrapes, observations, observation, memory } = costs;
  const timeOfGo = (format: string, native: boolean): number | undefined =>
    scrapes.find((one) => one.library === 'client_golang' && one.format === format && one.native === native)?.time
      .median;
  return [
    '## Formats, compared with client_golang',
    '',
    `Compressed scrapes (gzip) of ${series} histogram series with 13 buckets, over HTTP on the loopback interface. Each series`,
    'changes before each scrape. "Native" means that each series also has a native histogram, which only protobuf contains.',
    ...(memory.client_golang === undefined ? [GO_IS_MISSING] : []),
    '',
    ...table(
      ['format', 'histograms', '', 'time, ms', 'bytes', 'faster than client_golang'],
      scrapes.map(({ library, format, native, time, bytes }) => {
        const ofGo = library === 'tinyllm' ? timeOfGo(format, native) : undefined;
        return [
          format,
          native ? 'classic and native' : 'classic',
          library,
          spread(time, 1),
          String(bytes),
          ofGo === undefined ? '' : `${(ofGo / time.median).toFixed(1)} ×`,
        ];
      }),
    ),
    `Bytes of memory per series with two labels and ${observations} observations that are spread over five decades.`,
    '',
    ...table(
      ['', 'classic', 'classic and native', 'native histogram'],
      Object.entries(memory).map(([library, { classic, native }]: [string, NativeMemory]) => [
        library,
        ...[classic, native, native - classic].map((bytes) => bytes.toFixed(0)),
      ]),
    ),
    'Nanoseconds per observation of a bound histogram of TinyLLM. The values are spread over five decades.',
    '',
    ...table(
      ['histograms', 'time, ns'],
      [
        ['classic', spread(observation.classic, 1)],
        ['classic and native', spread(observation.native, 1)],
      ],
    ),
    ...targetLines(formatTargets(costs)),
  ];
}

const GO_IS_MISSING = 'The rows of client_golang are omitted, because Go is missing or its program could not be built.';
