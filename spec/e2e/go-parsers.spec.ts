import { expect } from 'chai';
import fc from 'fast-check';
import type { Escaping, FormatName } from '../../lib/core/formats/format.js';
import { goParse, needPrograms } from '../support/e2e-programs.js';
import { anyRegistry } from '../support/expositions/any-registry.js';
import { differencesOf } from '../support/expositions/differences.js';
import { expectedReading } from '../support/expositions/expected-reading.js';
import { formatRules } from '../support/expositions/format-rules.js';
import { escapeWithGo, parseWithGo } from '../support/expositions/go-parse.js';
import { type ModelFamily, namesOf } from '../support/expositions/model.js';
import { exposeModel, gatherModel } from '../support/expositions/write-model.js';

const ESCAPINGS: readonly Escaping[] = ['allow-utf-8', 'underscores', 'dots', 'values'];
const FORMATS: Readonly<Record<FormatName, readonly Escaping[]>> = {
  // This format has no quoted names.
  text: ['underscores', 'underscores', 'dots', 'values'],
  'text-1.0': ESCAPINGS,
  openmetrics: ESCAPINGS,
  'openmetrics-2.0': ESCAPINGS,
  protobuf: ESCAPINGS,
};

/** The number of generated registries. CONTRIBUTING.md shows how to test more. */
const REGISTRIES = Number(process.env.TINYLLM_REGISTRIES ?? 1_000);
const BATCH = 200;

/** The smallest text that shows a difference. */
type Failure = { readonly size: number; readonly text: string } | undefined;

describe("Prometheus's Go parsers", function () {
  // 100,000 registries take about 20 minutes on an idle machine.
  this.timeout(60_000 + REGISTRIES * 60);

  before(function () {
    needPrograms(this, goParse);
  });

  it('read exactly what was written, in each format', async () => {
    let seed = Number(process.env.TINYLLM_SEED ?? Date.now() % 2 ** 30);
    for (let done = 0; done < REGISTRIES; done += BATCH) {
      const registries = fc.sample(anyRegistry({ utf8: 'all' }), { numRuns: BATCH, seed });
      const failure = await firstDifference(registries, seed);
      if (failure !== undefined) expect.fail(`TINYLLM_SEED=${seed}: ${failure.text}`);
      seed++;
    }
  });
});

/**
 * Writes registries in each format, and compares what the parsers read. The seed determines the escaping.
 *
 * Returns the smallest failure.
 */
async function firstDifference(registries: readonly (readonly ModelFamily[])[], seed: number): Promise<Failure> {
  const escaped = await escapeWithGo([...new Set(registries.flatMap(namesOf))]);
  const gathered = await Promise.all(registries.map(gatherModel));
  let failure: Failure;
  for (const [format, escapings] of Object.entries(FORMATS) as [FormatName, readonly Escaping[]][]) {
    const rules = formatRules[format];
    const escaping = escapings[seed % escapings.length]!;
    const isCreated = (index: number): boolean => index % 2 === 0;
    const bodies = await Promise.all(
      gathered.map((one, index) => exposeModel(one, { format, escaping }, isCreated(index))),
    );
    const read = await parseWithGo(bodies);
    const escapeName = (name: string): string => escaped.get(name)?.[escaping] ?? name;
    for (const [index, readings] of read.entries()) {
      for (const parser of ['textparse', 'expfmt'] as const) {
        const reading = readings[parser];
        if (reading === null) continue;
        const context = { rules, parser, created: isCreated(index), escapeName };
        const expected = expectedReading(registries[index]!, context);
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
