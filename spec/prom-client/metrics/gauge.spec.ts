import { expect } from 'chai';
import { errorOf, expectSame } from '../../support/prom-client-pair.js';

const about = { name: 'level', help: 'A level.', labelNames: ['tank', 'side'] };

describe('a Gauge', () => {
  it("has prom-client's values", async () => {
    const read = await expectSame(async ({ Gauge, register }) => {
      const [labeled, plain] = [new Gauge(about), new Gauge({ name: 'plain', help: 'Plain.' })];
      labeled.set({ tank: 'a', side: 'left' }, -2.5);
      labeled.labels('a', 'left').inc(4);
      labeled.dec({ tank: 'a' });
      labeled.labels({ side: 'right' }).dec(3);
      labeled.set({ tank: 'c' }, Number.NaN);
      plain.inc();
      plain.set(Number.NEGATIVE_INFINITY);
      labeled.remove({ tank: 'a' });
      return [await labeled.get(), await register.metrics(), await register.getMetricsAsJSON()];
    });
    expect(read).to.have.nested.property('[0].values[0].value', 1.5);
  });

  it('sets the current time and measures durations', async () => {
    await expectSame(async ({ Gauge }) => {
      const gauge = new Gauge(about);
      gauge.setToCurrentTime({ tank: 'a' });
      gauge.labels('b', 'left').setToCurrentTime();
      const seconds = [gauge.startTimer({ tank: 'c' })({ side: 'left' }), gauge.labels('d', 'left').startTimer()()];
      const { values } = await gauge.get();
      const isNow = values.slice(0, 2).map(({ value }) => Math.abs(value - Date.now() / 1_000) < 5);
      return [isNow, seconds.map((one) => one >= 0 && one < 1), values.map(({ labels }) => labels)];
    });
  });

  it("has prom-client's field with the sorted label names", async () => {
    await expectSame(({ Gauge }) => (new Gauge(about) as unknown as Record<string, unknown>).sortedLabelNames);
  });

  it("throws prom-client's errors", async () => {
    const errors = await expectSame(({ Gauge }) => {
      const gauge = new Gauge(about);
      return [
        ...['3', null, undefined].map((value) => errorOf(() => gauge.set({ tank: 'a' }, value as never))),
        errorOf(() => gauge.inc({ tank: 'a' }, '3' as never)),
        errorOf(() => gauge.set({ other: 'a' } as never, 1)),
        errorOf(() => gauge.labels('a', 'b', 'c')),
        errorOf(() => gauge.labels({ other: 'a' } as never)),
      ];
    });
    expect(errors).not.to.include(undefined);
  });
});
