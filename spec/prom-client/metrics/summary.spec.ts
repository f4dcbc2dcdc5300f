import { expect } from 'chai';
import type { SummaryConfiguration } from 'prom-client';
import { Summary } from '../../../lib/prom-client/index.js';
import { errorOf, expectSame } from '../../support/prom-client-pair.js';

const about = { name: 'latency_seconds', help: 'A latency.' };
const labeled = { ...about, labelNames: ['method', 'code'] };

describe('a Summary', () => {
  const { now: realNow } = Date;
  const { random: realRandom } = Math;
  afterEach(() => {
    Date.now = realNow;
    Math.random = realRandom;
  });

  /** Makes tdigest merge values in the same order in each run. */
  const seedRandom = (): void => {
    let state = 1;
    Math.random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
  };

  it("has prom-client's values with and without labels", async () => {
    const data = await expectSame(async ({ Summary }) => {
      seedRandom();
      const [plain, other] = [new Summary(about), new Summary({ ...labeled, name: 'other' })];
      for (let value = 0; value < 5_000; value++) {
        plain.observe((value * 7_919) % 1_000);
        other.labels(value % 2 ? 'GET' : 'PUT', '200').observe(value);
        if (value % 3 === 0) other.observe({ method: 'GET' }, value);
      }
      return [await plain.get(), await other.get()];
    });
    expect(data).to.have.nested.property('[1].values.length', 27);
  });

  it('renders as text like prom-client', async () => {
    const text = await expectSame(async ({ Summary, register }) => {
      new Summary({ ...labeled, percentiles: [0.5, 0.9] }).observe({ method: 'a"b\\' }, 3);
      new Summary({ ...about, name: 'empty' });
      register.setDefaultLabels({ zone: 'z' });
      return [await register.metrics(), await register.getMetricsAsJSON()];
    });
    expect(text).to.have.nested.property('[0]').that.includes('latency_seconds_count{method="a\\"b\\\\",zone="z"} 1');
  });

  it('moves its window like prom-client, and prunes empty series on request', async () => {
    for (const pruneAgedBuckets of [false, true]) {
      await expectSame(async ({ Summary }) => {
        seedRandom();
        let now = 1_000;
        Date.now = () => now;
        const summary = new Summary({
          ...labeled,
          maxAgeSeconds: 10,
          ageBuckets: 4,
          pruneAgedBuckets,
          compressCount: 7,
        });
        const states: unknown[] = [];
        for (let step = 0; step < 60; step++) {
          if (step < 30) summary.observe({ method: 'GET' }, (step * 37) % 11);
          if (step < 12) summary.observe({ code: step % 3 }, step);
          now += (step * 317) % 1_500;
          states.push((await summary.get()).values);
        }
        return states;
      });
    }
  });

  it('resets and removes series like prom-client', async () => {
    await expectSame(async ({ Summary }) => {
      const summary = new Summary(labeled);
      summary.labels('GET', '200').observe(1);
      summary.labels({ method: 'PUT' }).observe(2);
      summary.remove({ method: 'PUT' });
      summary.reset();
      const reset = await summary.get();
      summary.remove('GET', '200');
      return [reset, await summary.get()];
    });
  });

  it("has prom-client's fields with the quantiles and the label names", async () => {
    await expectSame(({ Summary }) =>
      [{ ...labeled, percentiles: [0.9, 0.5] }, about].map((one) => {
        const { percentiles, sortedLabelNames } = new Summary(one) as unknown as Record<string, unknown>;
        return { percentiles, sortedLabelNames };
      }),
    );
  });

  it('accepts repeated quantiles', async () => {
    const summary = new Summary({ ...about, percentiles: [0.5, 0.9, 0.5], registers: [] });
    expect((await summary.get()).values.map(({ labels }) => labels.quantile)).to.deep.equal([
      ...[0.5, 0.9],
      ...[undefined, undefined],
    ]);
  });

  it("throws prom-client's errors", async () => {
    const configurations: unknown[] = [
      ...[undefined, null, 'name', {}, { name: 'a' }, { help: 'a' }, { ...about, name: 'a b' }],
      ...[
        { ...about, labelNames: ['a:b'] },
        { ...about, collect: 3 },
        { ...about, labelNames: ['quantile'] },
      ],
      { ...about, enableExemplars: true },
    ];
    const errors = await expectSame(({ Summary }) =>
      configurations.map((one) => errorOf(() => new Summary(one as SummaryConfiguration<string>))),
    );
    expect(errors).not.to.include(undefined);
    const misuses = await expectSame(({ Summary }) => {
      new Summary({ ...about, name: 'known' });
      const summary = new Summary(labeled);
      return [
        errorOf(() => new Summary({ ...about, name: 'known' })),
        ...[Number.NaN, Number.POSITIVE_INFINITY, '3', null].map((value) =>
          errorOf(() => summary.observe({ method: 'GET' }, value as number)),
        ),
        errorOf(() => summary.observe({ other: 1 } as never, 1)),
        errorOf(() => summary.labels('GET')),
        errorOf(() => summary.labels({ other: 1 } as never)),
        errorOf(() => summary.remove('GET', '1', '2')),
      ];
    });
    expect(misuses).not.to.include(undefined);
    // The texts of prom-client's errors contain the labels instead of the value.
    const types = await expectSame(({ Summary }) => {
      const summary = new Summary(labeled);
      return [
        ...[undefined, Number.NaN, null].map((value) => errorOf(() => summary.observe(value as number))),
        errorOf(() => summary.observe({ method: 'GET' }, undefined as never)),
        errorOf(() => summary.labels('GET', '200').observe(undefined as never)),
      ].map((error) => error?.slice(0, 'TypeError: Value is not a valid number'.length));
    });
    expect(types).not.to.include(undefined);
  });

  it('calls collect before each read, with the metric as this', async () => {
    await expectSame(async ({ Summary }) => {
      let calls = 0;
      const summary = new Summary({
        ...about,
        async collect() {
          await Promise.resolve();
          this.observe(++calls);
        },
      });
      await summary.get();
      return summary.get();
    });
  });

  it('times calls, with labels from the start and the end', async () => {
    await expectSame(async ({ Summary }) => {
      const summary = new Summary(labeled);
      const first = summary.startTimer({ method: 'GET' });
      const second = summary.labels('PUT', '1').startTimer();
      const seconds = [first({ code: 2 }), second()];
      const { values } = await summary.get();
      return [seconds.every((one) => one >= 0 && one < 1), values.map(({ labels }) => labels)];
    });
  });
});
