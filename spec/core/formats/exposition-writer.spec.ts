import { expect } from 'chai';
import fc from 'fast-check';
import { formatPairs } from '../../../lib/core/formats/escape.js';
import { escapeLabelName, escapeMetricName } from '../../../lib/core/formats/escape-name.js';
import { expositionWriter } from '../../../lib/core/formats/exposition-writer.js';
import type { Family } from '../../../lib/core/formats/family.js';
import { isUtf8Name } from '../../../lib/core/metrics/exposition-names.js';
import { readSamples } from '../../support/read-samples.js';

const formats = ['text', 'text-1.0', 'openmetrics', 'openmetrics-2.0'] as const;
const escapings = ['allow-utf-8', 'underscores', 'dots', 'values'] as const;
const infinity = Number.POSITIVE_INFINITY;

const name = fc
  .oneof(
    fc.string({ unit: fc.constantFrom('a', '_', '.', ':', '1', '"', '\\', '\n', ' ', ',', '{', '}', '=', 'é', '#') }),
    fc.string({ unit: 'binary' }),
  )
  .filter(isUtf8Name);
const label = name.filter((one) => !one.startsWith('__') && one !== 'le');
const labels = fc.uniqueArray(fc.tuple(label, fc.string({ unit: 'binary' })), {
  selector: ([one]) => one,
  maxLength: 3,
});
const count = fc.nat({ max: 2 ** 50 });

/** A family with one series, and the samples that each format contains. */
const family = fc
  .record({ name, labels, kind: fc.constantFrom('gauge', 'counter', 'histogram'), counts: fc.tuple(count, count) })
  .map(({ name, labels: pairs, kind, counts: [first, second] }) => {
    const cells = kind === 'histogram' ? [first, second, 1.5] : [first];
    const descriptor = { name, help: 'A "b"\\\nc', kind, buckets: kind === 'histogram' ? [2.5] : [] } as const;
    const one: Family = {
      descriptor: { ...descriptor, unit: undefined, labels: pairs.map(([key]) => key), aggregation: 'sum' },
      series: [{ labelText: formatPairs(pairs), createdSeconds: 1_700_000_000.25, cell: (index) => cells[index] ?? 0 }],
    };
    const samples =
      kind === 'histogram'
        ? [
            { suffix: '_bucket', le: '2.5', value: first },
            { suffix: '_bucket', le: '+Inf', value: first + second },
            { suffix: '_sum', value: 1.5 },
            { suffix: '_count', value: first + second },
          ]
        : [{ suffix: '', value: first }];
    return { family: one, pairs, samples };
  });

describe('expositionWriter', () => {
  for (const format of formats) {
    for (const escaping of escapings) {
      it(`writes samples that can be read back in ${format} with ${escaping}, for any names and label values`, () => {
        const effective = format === 'text' && escaping === 'allow-utf-8' ? 'underscores' : escaping;
        fc.assert(
          fc.property(family, ({ family: one, pairs, samples }) => {
            const names = pairs.map(([key]) => escapeLabelName(key, effective));
            fc.pre(new Set(names).size === names.length && !names.includes('__name__'));
            const writer = expositionWriter({ format, escaping });
            const text = Buffer.concat(
              [...writer.pieces([one], { rest: Buffer.alloc(0) })].map(Buffer.from),
            ).toString();
            const escaped = escapeMetricName(one.descriptor.name, effective);
            const own = Object.fromEntries(pairs.map(([, value], index) => [names[index]!, value]));
            expect(readSamples(text)).to.deep.equal(
              samples.map(({ suffix, le, value }) => ({
                name: escaped + suffix,
                labels: le === undefined ? own : { ...own, le },
                value,
              })),
            );
          }),
        );
      });
    }
  }

  it('writes each series once, for any metrics whose names become equal', () => {
    const similar = fc.string({ unit: fc.constantFrom('a', '_', '.', '-'), minLength: 1, maxLength: 3 });
    const kind = fc.constantFrom('gauge', 'counter', 'histogram');
    const any = fc.uniqueArray(fc.record({ name: similar, kind, labels: fc.uniqueArray(similar) }), {
      selector: (one) => one.name,
    });
    const exposition = fc.record({ format: fc.constantFrom(...formats), escaping: fc.constantFrom(...escapings) });
    fc.assert(
      fc.property(any, exposition, (metrics, { format, escaping }) => {
        const families = metrics.map(
          ({ name, kind, labels: keys }): Family => ({
            descriptor: {
              ...{ name, kind, help: '', unit: undefined, aggregation: 'sum' },
              ...{ labels: keys, buckets: kind === 'histogram' ? [1] : [] },
            },
            series: [...keys.map((key) => formatPairs([[key, 'x']])), ''].map((labelText) => ({
              labelText,
              createdSeconds: 1,
              cell: () => 1,
            })),
          }),
        );
        const writer = expositionWriter({ format, escaping });
        const pieces = [...writer.pieces(families, { rest: Buffer.alloc(0) })].map((piece) => piece.toString());
        const lines = pieces.join('').split('\n');
        const samples = readSamples(lines.filter((line) => !line.startsWith('# The metric ')).join('\n'));
        expect(samples.every(({ value }) => value > 0 && value < infinity)).to.equal(true);
      }),
    );
  });
});
