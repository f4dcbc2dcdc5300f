import { expect } from 'chai';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { InvalidValueError } from '../../../lib/core/errors/errors.js';
import { isInstrument, OVERFLOW_LABEL_VALUE } from '../../../lib/core/metrics/instrument.js';
import { toLabelValue } from '../../../lib/core/metrics/label-value.js';
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

  it('gives the same series for the same values', () => {
    const counter = createCounter();
    expect(counter.series('x', 'y')).to.equal(counter.series('x', 'y'));
    expect(counter.series('x', 'y')).to.not.equal(counter.series('y', 'x'));
    expect(counter.allSeries).to.have.length(2);
  });

  it('keeps label sets apart whose values hold separators', async () => {
    const counter = createCounter();
    counter.series('1,b:2', '3').inc(1);
    counter.series('1', '2,b:3').inc(2);
    for (const text of [writeText([counter]), await registry.metrics()]) {
      expect(sampleValue(text, 'calls_total', { a: '1,b:2', b: '3' })).to.equal(1);
      expect(sampleValue(text, 'calls_total', { a: '1', b: '2,b:3' })).to.equal(2);
    }
  });

  it('has one series for each pair of values, and is read back with those values, for any text', async () => {
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

  it('takes numbers and other values from callers without types as their text', () => {
    const counter = createCounter();
    expect(counter.series(1 as never, true as never)).to.equal(counter.series('1', 'true'));
  });

  it('refuses too few and too many label values, and is none the worse for it', () => {
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

  describe('past the cap', () => {
    it('folds new label sets into one series, for good', () => {
      meter.configure({ maxSeriesPerMetric: 2 });
      const counter = createCounter();
      const first = counter.series('1', '1');
      counter.series('2', '2');
      const folded = counter.series('3', '3');
      expect(counter.series('4', '4')).to.equal(folded);
      const other = [OVERFLOW_LABEL_VALUE, OVERFLOW_LABEL_VALUE];
      expect(counter.labelledSeries().at(-1)).to.deep.equal({ series: folded, labelValues: other });
      meter.configure({ maxSeriesPerMetric: 100 });
      expect(counter.series('3', '3')).to.equal(folded);
      expect(counter.series('5', '5')).to.equal(folded);
      expect(counter.series('1', '1')).to.equal(first);
      expect(counter.allSeries).to.have.length(3);
    });

    it('counts what was folded', () => {
      const folded: string[] = [];
      meter = new Meter(registry, { onOverflow: (metric) => folded.push(metric) });
      meter.configure({ maxSeriesPerMetric: 1 });
      const counter = createCounter();
      counter.series('1', '1');
      expect(folded).to.deep.equal([]);
      counter.series('2', '2');
      counter.series('2', '2');
      counter.series('1', '1');
      expect(folded).to.deep.equal(['calls_total', 'calls_total']);
    });

    it('tells the series that takes what is folded, also when it was there before', () => {
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

  it('is told apart from other metrics', () => {
    expect(isInstrument(createCounter())).to.equal(true);
    expect([null, undefined, 'x', {}, registry].map(isInstrument)).to.deep.equal([false, false, false, false, false]);
  });

  describe('where there is no more room', () => {
    const fill = (): void => exhaust(meter.memory);
    afterEach(restoreMemory);

    it('folds what is new into the series past the cap, if that was there', () => {
      const counter = createCounter();
      const other = counter.series(OVERFLOW_LABEL_VALUE, OVERFLOW_LABEL_VALUE);
      fill();
      expect(counter.series('x', 'y')).to.equal(other);
      expect(other.isOverflow).to.equal(true);
      expect(counter.allSeries).to.deep.equal([other]);
    });

    it('keeps nothing of what is new, and lets nobody feel it', () => {
      const folded: string[] = [];
      meter = new Meter(registry, { onOverflow: (metric) => folded.push(metric) });
      const histogram = meter.create({
        ...{ name: 'wait_seconds', help: 'Wait.', kind: 'histogram', labels: ['of'], buckets: [1, 2] },
      });
      fill();
      const lost = histogram.series('x');
      lost.observe(3);
      expect(lost.page.buffer).to.be.instanceOf(ArrayBuffer);
      expect(histogram.series('y')).to.equal(lost);
      expect([lost.isOverflow, histogram.allSeries, folded]).to.deep.equal([
        true,
        [],
        ['wait_seconds', 'wait_seconds'],
      ]);
    });

    it('is set back to zero all the same, though it cannot say when', () => {
      const counter = createCounter();
      counter.series('x', 'y').inc(5);
      fill();
      counter.reset();
      expect(sampleValue(writeText([counter]), 'calls_total', { a: 'x', b: 'y' })).to.equal(0);
    });
  });

  it('tells what is asked of it in its log: once each, and nothing of a reset without series', () => {
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

  it('says without a list how many label values it has none of', () => {
    const gauge = meter.create({ name: 'level', help: 'Level.', kind: 'gauge' });
    const untyped = gauge.series.bind(gauge) as (...values: string[]) => unknown;
    expect(() => untyped('x')).to.throw(InvalidValueError, 'level got 1 label value; expected 0.');
    expect(() => untyped('x', 'y')).to.throw(InvalidValueError, 'level got 2 label values; expected 0.');
  });

  it('has what prom-client reads of a metric: its kind, and how processes add it up', () => {
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

  it('has one series for a text and for what becomes that text, whichever came first', () => {
    const counter = createCounter();
    const first = counter.series('1', 'true');
    expect(counter.series(1 as never, true as never)).to.equal(first);
    expect(counter.allSeries).to.deep.equal([first]);
  });

  it('says in seconds when it was set back to zero', () => {
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
