import { expect } from 'chai';
import fc from 'fast-check';
import type { Exposition } from '../../lib/core/formats/format.js';
import { goParse, needPrograms } from '../support/e2e-programs.js';
import { anyRegistry } from '../support/expositions/any-registry.js';
import { differencesOf } from '../support/expositions/differences.js';
import { expectedReading } from '../support/expositions/expected-reading.js';
import { formatRules } from '../support/expositions/format-rules.js';
import { escapeWithGo, parseWithGo } from '../support/expositions/go-parse.js';
import { type ModelFamily, namesOf } from '../support/expositions/model.js';
import { exposeModel, gatherModel } from '../support/expositions/write-model.js';

/** The formats, and the ways to write names in them. */
const EXPOSITIONS: readonly (Exposition & { readonly created?: boolean })[] = [
  { format: 'text', escaping: 'underscores' },
  { format: 'openmetrics', escaping: 'underscores' },
  { format: 'openmetrics', escaping: 'underscores', created: true },
  { format: 'protobuf', escaping: 'allow-utf-8' },
];

/** The number of generated registries. CONTRIBUTING.md shows how to test more. */
const REGISTRIES = Number(process.env.TINYLLM_REGISTRIES ?? 2_000);
const BATCH = 200;

/** The smallest text that shows a difference. */
type Failure = { readonly size: number; readonly text: string } | undefined;

describe("Prometheus's Go parsers", function () {
  // 100,000 registries take about half an hour.
  this.timeout(60_000 + REGISTRIES * 30);

  before(function () {
    needPrograms(this, goParse);
  });

  it('read exactly what was written, in each format', async () => {
    const seed = Number(process.env.TINYLLM_SEED ?? Date.now() % 2 ** 31);
    for (let done = 0; done < REGISTRIES; done += BATCH) {
      const registries = fc.sample(anyRegistry(), { numRuns: BATCH, seed: seed + done });
      const failure = await firstDifference(registries);
      if (failure !== undefined) expect.fail(`TINYLLM_SEED=${seed + done}: ${failure.text}`);
    }
  });
});

/** Writes registries in each format, and compares what the parsers read. Returns the smallest failure. */
async function firstDifference(registries: readonly (readonly ModelFamily[])[]): Promise<Failure> {
  const escaped = await escapeWithGo([...new Set(registries.flatMap(namesOf))]);
  const gathered = await Promise.all(registries.map(gatherModel));
  let failure: Failure;
  for (const exposition of EXPOSITIONS) {
    const { created = false, format, escaping } = exposition;
    const rules = formatRules[format];
    const bodies = await Promise.all(gathered.map((one) => exposeModel(one, exposition, created)));
    const read = await parseWithGo(bodies);
    const escapeName = (name: string): string => escaped.get(name)?.[escaping] ?? name;
    for (const [index, readings] of read.entries()) {
      for (const parser of ['textparse', 'expfmt'] as const) {
        const reading = readings[parser];
        if (reading === null) continue;
        const expected = expectedReading(registries[index]!, { rules, parser, created, escapeName });
        const differences = differencesOf(reading, expected);
        const { body, contentType } = bodies[index]!;
        if (differences.length === 0 || body.length >= (failure?.size ?? Number.POSITIVE_INFINITY)) continue;
        const text = Buffer.from(body).toString();
        failure = { size: body.length, text: [`${parser}, ${contentType}`, ...differences, text].join('\n') };
      }
    }
  }
  return failure;
}
