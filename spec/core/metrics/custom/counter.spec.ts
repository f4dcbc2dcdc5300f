import { expect } from 'chai';
import { Registry } from 'prom-client';
import { Counter } from '../../../../lib/core/metrics/custom/counter.js';
import {
  createMetric,
  errorOf,
  expectSameAsPromClient,
  type Options,
  type Script,
} from '../../../support/custom-metrics/compare-metrics.js';

const labelNames = ['method', 'code'];

/** Calls that have the same results in both packages, with their titles. */
const scripts: readonly (readonly [title: string, options: Options, script: Script<'Counter'>])[] = [
  ['a counter without labels that was never incremented', {}, () => {}],
  ['a counter with labels that was never incremented', { labelNames }, () => {}],
  [
    'increments without labels',
    {},
    (counter, attempt) => {
      for (const value of [undefined, null, 0, 2.5, Number.MAX_VALUE]) attempt(() => counter.inc(value as number));
    },
  ],
  [
    'increments with labels, some of them missing or numbers',
    { labelNames },
    (counter) => {
      counter.inc({ method: 'GET', code: 200 });
      counter.inc({ code: '200', method: 'GET' }, 2);
      counter.inc({ method: 'GET' }, 4);
      counter.inc({ method: undefined as never, code: '' }, 8);
      counter.inc({}, null as never);
      counter.inc(16);
      counter.inc();
    },
  ],
  [
    'invalid increments',
    { labelNames },
    (counter, attempt) => {
      for (const value of [
        '5',
        'a',
        Number.POSITIVE_INFINITY,
        {},
        [1],
        true,
        5n,
        -1,
        Number.MIN_VALUE * -1,
        Symbol.iterator,
      ]) {
        attempt(() => counter.inc({ method: 'GET' }, value as never));
        if (typeof value !== 'object') attempt(() => counter.inc(value as never));
        attempt(() => counter.labels('GET', '200').inc(value as never));
      }
    },
  ],
  [
    'bound counters',
    { labelNames },
    (counter, attempt) => {
      const bound = counter.labels('GET', '200');
      bound.inc();
      bound.inc(2);
      counter.labels({ method: 'GET', code: 200 }).inc(4);
      counter.labels({ code: 500 }).inc(8);
      counter.labels('GET', undefined as never).inc(16);
      attempt(() => bound.inc(null as never));
    },
  ],
  [
    'unknown labels and wrong numbers of values',
    { labelNames },
    (counter, attempt) => {
      attempt(() => counter.inc({ path: '/' }));
      attempt(() => counter.inc({ method: 'GET', path: '/' }, 2));
      for (const values of [[], ['GET'], ['GET', 1, 2], ['GET', 1, { a: 1 }]]) {
        attempt(() => counter.labels(...(values as string[])));
        attempt(() => counter.remove(...(values as string[])));
      }
      attempt(() => counter.remove({ path: '/' }));
      attempt(() => counter.remove([1] as never));
    },
  ],
  [
    'removals and resets',
    { labelNames },
    (counter, attempt) => {
      for (const code of [200, 404, 500]) counter.inc({ method: 'GET', code }, code);
      counter.inc({});
      counter.remove('GET', '404');
      counter.remove({ method: 'GET', code: 500 });
      attempt(() => counter.remove({ method: 'POST' }));
      counter.remove({});
      counter.inc({ method: 'GET', code: 404 });
      counter.reset();
      counter.inc({ method: 'PUT', code: 1 });
    },
  ],
  [
    'a removal without labels',
    {},
    (counter) => {
      counter.inc(5);
      counter.remove();
    },
  ],
  [
    'a reset without labels after a removal',
    {},
    (counter) => {
      counter.remove();
      counter.reset();
    },
  ],
  [
    'increments after a removal without labels',
    {},
    (counter) => {
      counter.inc(5);
      counter.remove();
      counter.inc(2);
    },
  ],
  [
    'exemplars',
    { labelNames, enableExemplars: true },
    (counter, attempt) => {
      const labels = { method: 'GET' };
      counter.inc({ labels, value: 2, exemplarLabels: { trace: 'a', part: 1 } });
      counter.inc({ labels, value: 3 });
      counter.inc({ labels: { code: 1 }, exemplarLabels: {} });
      counter.inc({ labels: { code: 2 }, value: 0, exemplarLabels: { trace: 'b' } });
      counter.inc({ labels: { code: 3 } });
      attempt(() => counter.inc({ labels: { code: 4 }, value: -1 }));
      attempt(() => counter.inc({ labels: { path: 4 } as never }));
    },
  ],
  [
    'exemplars without labels',
    { enableExemplars: true },
    (counter) => {
      counter.inc();
      counter.inc({ value: 2, exemplarLabels: { trace: 'a' } });
      counter.reset();
      counter.inc({});
    },
  ],
  [
    '`collect`',
    {
      collect(this: Counter) {
        this.inc(3);
      },
    },
    (counter) => counter.get(),
  ],
  [
    'an asynchronous `collect`',
    {
      async collect(this: Counter) {
        await new Promise(setImmediate);
        this.inc(3);
      },
    },
    (counter) => counter.get(),
  ],
  [
    '`collect` that is assigned later',
    {},
    (counter) => {
      (counter as unknown as { collect: () => void }).collect = () => counter.inc(7);
    },
  ],
];

describe('Counter', () => {
  describe('equals the counter of prom-client', () => {
    for (const [title, options, script] of scripts) {
      it(`with ${title}`, () => expectSameAsPromClient('Counter', options, script));
    }
  });

  it('rejects values that prom-client adds without a check: NaN, an empty string and false', () => {
    const counter = createMetric('Counter', { labelNames });
    for (const value of [Number.NaN, '', false] as never[]) {
      const error = `TypeError: Value is not a valid number: ${value}`;
      for (const work of [
        () => counter.inc(value),
        () => counter.inc({}, value),
        () => counter.labels('a', 'b').inc(value),
      ]) {
        expect(errorOf(work)).to.equal(error);
      }
    }
  });

  it('adds nothing and creates no series if an increment is invalid', async () => {
    const counter = createMetric('Counter', { labelNames, enableExemplars: true });
    const long = { trace: 'x'.repeat(124) };
    expect(errorOf(() => counter.inc({ value: Number.NaN }))).to.equal('TypeError: Value is not a valid number: NaN');
    expect(errorOf(() => counter.inc({ exemplarLabels: long }))).to.equal(
      'RangeError: Label set size must be smaller than 128 UTF-8 chars',
    );
    expect((await counter.get()).values).to.deep.equal([]);
    counter.inc({ exemplarLabels: { trace: 'x'.repeat(123) } });
    expect((await counter.get()).values).to.have.length(1);
  });

  it('rejects an unknown label when it is bound, not at the first increment', () => {
    const counter = createMetric('Counter', { labelNames });
    expect(errorOf(() => counter.labels({ path: '/' }))).to.match(/^Error: Added label "path" is not included/);
  });

  it('never exceeds the largest finite number', async () => {
    const counter = createMetric('Counter');
    for (let time = 0; time < 2; time++) counter.inc(Number.MAX_VALUE);
    expect((await counter.get()).values[0]?.value).to.equal(Number.MAX_VALUE);
  });

  it('records no exemplars through bound counters', async () => {
    const counter = createMetric('Counter', { labelNames: ['code'], enableExemplars: true });
    counter.labels('200').inc(2);
    expect((await counter.get()).values).to.deep.equal([{ value: 2, labels: { code: '200' } }]);
  });

  it("is written like prom-client's counter by a registry of prom-client", async () => {
    const [theirs, ours] = [new Registry(), new Registry()];
    const { Counter: Original } = await import('prom-client');
    for (const [create, registry] of [
      [Original, theirs],
      [Counter, ours],
    ] as const) {
      const counter = new create({ name: 'calls_total', help: 'Calls.', labelNames, registers: [registry] });
      counter.inc({ method: 'a"\n', code: 2 }, 5);
    }
    for (const type of [
      Registry.PROMETHEUS_CONTENT_TYPE,
      Registry.OPENMETRICS_CONTENT_TYPE,
      Registry.PROMETHEUS_CONTENT_TYPE,
    ]) {
      for (const one of [theirs, ours]) one.setContentType(type as never);
      // prom-client keeps the name of the OpenMetrics scrape.
      const name = (text: string) => text.replaceAll('calls_total', 'calls');
      expect(name(await ours.metrics())).to.equal(name(await theirs.metrics()));
    }
  });
});
