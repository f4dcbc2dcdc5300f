import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { InvalidValueError } from '../../../lib/core/errors/errors.js';
import { isInstrument } from '../../../lib/core/metrics/instrument.js';
import { OVERFLOW_LABEL_VALUE, toLabelValue } from '../../../lib/core/metrics/label-value.js';
import { Meter } from '../../../lib/core/metrics/meter.js';
import { SegmentReader } from '../../../lib/core/metrics/segment-reader.js';
import { exhaust, restoreMemory } from '../../support/exhaust-memory.js';
import { writeText } from '../../support/instrument-text.js';
import { parseText, sampleValue } from '../../support/parse-text.js';

const awkward = [
  '\\',
  '"',
  '\n',
  '\r',
  ',',
  ':',
  ';',
  '|',
  '{',
  '}',
  '=',
  ' ',
  '\0',
  '\ud800',
  '\udc00',
  '\u2028',
  'a',
];
const labelValue = fc.oneof(
  fc.string({ unit: fc.constantFrom(...awkward), maxLength: 6 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a', '"'), minLength: 250, maxLength: 300, size: 'max' }),
);

describe('Instrument', () => {
  let registry: Registry;
  let meter: Meter;

  beforeEach(() => {
    registry = new Registry();
    meter = new Meter(registry);
  });

  const createCounter = () =>
    meter.create({ name: 'calls_total', help: 'Calls.', kind: 'counter', labels: ['a', 'b'] as const });

  it('returns the same series for the same values', () => {
    const counter = createCounter();
    expect(counter.series('x', 'y')).to.equal(counter.series('x', 'y'));
    expect(counter.series('x', 'y')).to.not.equal(counter.series('y', 'x'));
    expect(counter.allSeries).to.have.length(2);
  });

  it('distinguishes label sets with separators in their values', async () => {
    const counter = createCounter();
    counter.series('1,b:2', '3').inc(1);
    counter.series('1', '2,b:3').inc(2);
    for (const text of [writeText([counter]), await registry.metrics()]) {
      expect(sampleValue(text, 'calls_total', { a: '1,b:2', b: '3' })).to.equal(1);
      expect(sampleValue(text, 'calls_total', { a: '1', b: '2,b:3' })).to.equal(2);
    }
  });

  it('has one series for each pair of values, and returns those values, for any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(labelValue, labelValue), { maxLength: 12 }), async (pairs) => {
        registry = new Registry();
        meter = new Meter(registry);
        const counter = createCounter();
        const expected = new Map<string, number>();
        for (const [a, b] of pairs) {
          counter.series(a, b).inc();
          const key = JSON.stringify([toLabelValue(a), toLabelValue(b)]);
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        for (const text of [writeText([counter]), await registry.metrics()]) {
          const overTheWire = Buffer.from(text).toString('utf8');
          const samples = parseText(overTheWire)[0]?.samples ?? [];
          const read = samples.map(({ labels, value }) => [JSON.stringify([labels.a, labels.b]), value] as const);
          expect(new Map(read)).to.deep.equal(expected);
          expect(read).to.have.length(expected.size);
        }
      }),
    );
  });

  it('converts numbers and other values from untyped callers to text', () => {
    const counter = createCounter();
    expect(counter.series(1 as never, true as never)).to.equal(counter.series('1', 'true'));
  });

  it('rejects too few and too many label values, and still works afterwards', () => {
    const counter = createCounter();
    const untyped = counter.series.bind(counter) as (...values: string[]) => unknown;
    expect(() => untyped('x')).to.throw(InvalidValueError, 'calls_total got 1 label value; expected 2: a, b.');
    expect(() => untyped('x', 'y', 'z')).to.throw(InvalidValueError, 'got 3 label values; expected 2');
    untyped('x', 'y');
    expect(() => untyped('y'), 'the beginning of one that is there').to.throw(InvalidValueError, 'got 1 label value');
    expect(() => untyped('w', 'x', 'y')).to.throw(InvalidValueError, 'got 3 label values');
    counter.series('x', 'y').inc();
    expect(sampleValue(writeText([counter]), 'calls_total', { a: 'x', b: 'y' })).to.equal(1);
  });

  describe('past the limit', () => {
    it('records new label sets in one series, permanently', () => {
      meter.configure({ maxSeriesPerMetric: 2 });
      const counter = createCounter();
      const first = counter.series('1', '1');
      counter.series('2', '2');
      const overflow = counter.series('3', '3');
      expect(counter.series('4', '4')).to.equal(overflow);
      const other = [OVERFLOW_LABEL_VALUE, OVERFLOW_LABEL_VALUE];
      expect(counter.labelledSeries().at(-1)).to.deep.equal({ series: overflow, labelValues: other });
      meter.configure({ maxSeriesPerMetric: 100 });
      expect(counter.series('3', '3')).to.equal(overflow);
      expect(counter.series('5', '5')).to.equal(overflow);
      expect(counter.series('1', '1')).to.equal(first);
      expect(counter.allSeries).to.have.length(3);
    });

    it('counts lookups of these label sets', () => {
      const overflows: string[] = [];
      meter = new Meter(registry, { onOverflow: (metric) => overflows.push(metric) });
      meter.configure({ maxSeriesPerMetric: 1 });
      const counter = createCounter();
      counter.series('1', '1');
      expect(overflows).to.deep.equal([]);
      counter.series('2', '2');
      counter.series('2', '2');
      counter.series('1', '1');
      expect(overflows).to.deep.equal(['calls_total', 'calls_total']);
    });

    it('marks the overflow series, even if it existed before', () => {
      meter.configure({ maxSeriesPerMetric: 2 });
      const counter = createCounter();
      const other = counter.series(OVERFLOW_LABEL_VALUE, OVERFLOW_LABEL_VALUE);
      const own = counter.series('1', '1');
      expect([other.isOverflow, own.isOverflow]).to.deep.equal([false, false]);
      expect(counter.series('2', '2')).to.equal(other);
      expect([other.isOverflow, own.isOverflow]).to.deep.equal([true, false]);
      expect(counter.allSeries).to.have.length(2);
    });
  });

  it('is distinguished from other metrics', () => {
    expect(isInstrument(createCounter())).to.equal(true);
    expect([null, undefined, 'x', {}, registry].map(isInstrument)).to.deep.equal([false, false, false, false, false]);
  });

  describe('without memory', () => {
    const fill = (): void => exhaust(meter.memory);
    afterEach(restoreMemory);

    it('records new label sets in the overflow series if it exists', () => {
      const counter = createCounter();
      const other = counter.series(OVERFLOW_LABEL_VALUE, OVERFLOW_LABEL_VALUE);
      fill();
      expect(counter.series('x', 'y')).to.equal(other);
      expect(other.isOverflow).to.equal(true);
      expect(counter.allSeries).to.deep.equal([other]);
    });

    it('records nothing of new label sets, without an error', () => {
      const overflows: string[] = [];
      meter = new Meter(registry, { onOverflow: (metric) => overflows.push(metric) });
      const histogram = meter.create({
        ...{ name: 'wait_seconds', help: 'Wait.', kind: 'histogram', labels: ['of'], buckets: [1, 2] },
      });
      fill();
      const lost = histogram.series('x');
      lost.observe(3);
      expect(lost.page.buffer).to.be.instanceOf(ArrayBuffer);
      expect(histogram.series('y')).to.equal(lost);
      expect([lost.isOverflow, histogram.allSeries, overflows]).to.deep.equal([
        true,
        [],
        ['wait_seconds', 'wait_seconds'],
      ]);
    });

    it('can still be reset, without a reset time', () => {
      const counter = createCounter();
      counter.series('x', 'y').inc(5);
      fill();
      counter.reset();
      expect(sampleValue(writeText([counter]), 'calls_total', { a: 'x', b: 'y' })).to.equal(0);
    });
  });

  it('writes each state to its log once, and no reset without series', () => {
    const reader = new SegmentReader(meter.memory.segments[0]!.buffer);
    const types = () => [...reader.newRecords()].map(({ type }) => type);
    const counter = createCounter();
    counter.reset();
    expect(types()).to.deep.equal(['metric']);
    counter.series('x', 'y');
    for (let time = 0; time < 2; time++) counter.reset();
    expect(types()).to.deep.equal(['series', 'reset']);
    counter.show(false);
    expect([...reader.newRecords()]).to.deep.equal([{ type: 'visible', metric: 0, visible: false }]);
  });

  it('does not add an empty list of label names to the error of a metric without labels', () => {
    const gauge = meter.create({ name: 'level', help: 'Level.', kind: 'gauge' });
    const untyped = gauge.series.bind(gauge) as (...values: string[]) => unknown;
    expect(() => untyped('x')).to.throw(InvalidValueError, 'level got 1 label value; expected 0.');
    expect(() => untyped('x', 'y')).to.throw(InvalidValueError, 'level got 2 label values; expected 0.');
  });

  it('has the properties that prom-client reads: its kind, and how processes are combined', () => {
    const of = (kind: 'counter' | 'gauge' | 'info', more: object = {}) =>
      meter.create({
        name: kind === 'gauge' ? 'level' : `x_${kind === 'info' ? 'info' : 'total'}`,
        help: 'X.',
        kind,
        ...more,
      });
    const [counter, info, gauge] = [of('counter'), of('info'), of('gauge', { aggregation: 'max' })];
    expect([counter, info, gauge].map(({ type, aggregator, help }) => [type, aggregator, help])).to.deep.equal([
      ['counter', 'sum', 'X.'],
      ['gauge', 'first', 'X.'],
      ['gauge', 'max', 'X.'],
    ]);
    expect([counter.excluded, counter.allSeries]).to.deep.equal([false, []]);
  });

  it('has one series for a text and for values that are converted to it, in either order', () => {
    const counter = createCounter();
    const first = counter.series('1', 'true');
    expect(counter.series(1 as never, true as never)).to.equal(first);
    expect(counter.allSeries).to.deep.equal([first]);
  });

  it('publishes the time of a reset in seconds', () => {
    const counter = createCounter();
    counter.series('x', 'y');
    const before = Date.now() / 1_000;
    counter.reset();
    const reader = new SegmentReader(meter.memory.segments[0]!.buffer);
    const reset = [...reader.newRecords()].find(({ type }) => type === 'reset') as { readonly cell: number };
    const { page, offset } = reader.slice(reset.cell);
    expect(page[offset]).to.be.within(before, Date.now() / 1_000);
  });
});
