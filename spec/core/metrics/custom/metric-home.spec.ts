import { expect } from 'chai';
import fc from 'fast-check';
import { followRegistry } from '../../../../lib/core/aggregation/follow-registry.js';
import { Gatherer } from '../../../../lib/core/aggregation/gatherer.js';
import { writeText } from '../../../../lib/core/formats/text.js';
import { Counter } from '../../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../../lib/core/metrics/custom/gauge.js';
import { SharedRegistry, registry as sharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { ReusingRegistry, samplesOf } from '../../../support/custom-metrics/reusing-registry.js';

/** Reads a registry as a server does. Call the result for each scrape. */
function scrapeOf(registry: SharedRegistry): () => string[] {
  const gatherer = new Gatherer();
  followRegistry(registry, gatherer);
  return () =>
    writeText(gatherer.families())
      .split('\n')
      .filter((line) => line.startsWith('jobs'));
}

const facts = { name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'] } as const;

describe('MetricHome', () => {
  afterEach(() => sharedRegistry.removeSingleMetric(facts.name));

  it('lets servers of several registries read the same series, before and after they start', () => {
    const [one, two, three] = [new SharedRegistry(), new SharedRegistry(), new SharedRegistry()];
    const jobs = new Counter({ ...facts, registers: [one, two] });
    jobs.inc({ kind: 'a' });
    const scrapes = [one, two, three].map(scrapeOf);
    expect(scrapes.map((scrape) => scrape())).to.deep.equal([
      ['jobs_total{kind="a"} 1'],
      ['jobs_total{kind="a"} 1'],
      [],
    ]);
    three.registerMetric(jobs);
    jobs.inc({ kind: 'b' });
    const both = ['jobs_total{kind="a"} 1', 'jobs_total{kind="b"} 1'];
    expect(scrapes.map((scrape) => scrape())).to.deep.equal([both, both, both]);
    two.clear();
    expect(scrapes.map((scrape) => scrape())).to.deep.equal([both, [], both]);
  });

  it('does not let a registry read the other metrics of another registry', () => {
    const [one, two] = [new SharedRegistry(), new SharedRegistry()];
    const jobs = new Counter({ ...facts, registers: [one, two] });
    new Gauge({ name: 'jobs_waiting', help: 'Waiting jobs.', registers: [one] }).set(3);
    jobs.inc({ kind: 'a' });
    expect(scrapeOf(two)()).to.deep.equal(['jobs_total{kind="a"} 1']);
  });

  it('keeps the values if the metric leaves the registry whose memory contains them', () => {
    const [one, two] = [new SharedRegistry(), new SharedRegistry()];
    const jobs = new Counter({ ...facts, registers: [one] });
    const bound = jobs.labels('a');
    bound.inc(2);
    two.registerMetric(jobs);
    const scrapes = [one, two].map(scrapeOf);
    one.removeSingleMetric(jobs.name);
    bound.inc();
    expect(scrapes.map((scrape) => scrape())).to.deep.equal([[], ['jobs_total{kind="a"} 3']]);
    two.removeSingleMetric(jobs.name);
    bound.inc();
    expect(scrapes.map((scrape) => scrape())).to.deep.equal([[], []]);
    one.registerMetric(jobs);
    expect(scrapes.map((scrape) => scrape())).to.deep.equal([['jobs_total{kind="a"} 4'], []]);
  });

  it('moves the series to the shared registry, which sums them over threads', () => {
    const one = new SharedRegistry();
    const scrape = scrapeOf(one);
    const jobs = new Counter({ ...facts, registers: [one] });
    jobs.inc({ kind: 'a' });
    expect(scrape()).to.deep.equal(['jobs_total{kind="a"} 1']);
    sharedRegistry.registerMetric(jobs);
    jobs.inc({ kind: 'a' });
    expect(jobs.place?.memory).to.equal(sharedRegistry.memory.forCustomMetrics());
    expect([scrape(), scrapeOf(sharedRegistry)()]).to.deep.equal([
      ['jobs_total{kind="a"} 2'],
      ['jobs_total{kind="a"} 2'],
    ]);
  });

  it('keeps the values for a registry that is served only after the metric left its first registry', () => {
    const [one, two] = [new SharedRegistry(), new SharedRegistry()];
    const jobs = new Counter({ ...facts, registers: [one] });
    jobs.inc({ kind: 'a' });
    two.registerMetric(jobs);
    one.clear();
    expect(scrapeOf(two)()).to.deep.equal(['jobs_total{kind="a"} 1']);
  });

  it('can be in no registry', async () => {
    const jobs = new Counter({ ...facts, registers: [] });
    jobs.inc({ kind: 'a' }, 2);
    expect((await jobs.get()).values).to.deep.equal([{ value: 2, labels: { kind: 'a' } }]);
    expect(jobs.place).to.equal(undefined);
  });
});

describe('MetricHome, for any order of registrations, removals and calls', () => {
  const REGISTRIES = 3;
  const [metric, place, label] = [fc.nat(2), fc.nat(REGISTRIES - 1), fc.constantFrom('x', 'y')];
  const anyStep = fc.oneof(
    { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('join' as const, 'leave' as const), metric, place }) },
    { weight: 5, arbitrary: fc.record({ type: fc.constantFrom('inc' as const, 'remove' as const), metric, label }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('clear' as const, 'restart' as const), place }) },
  );

  it('serves each metric from each of its registries', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
        const registries = Array.from({ length: REGISTRIES }, () => new ReusingRegistry().registry);
        const follow = (registry: SharedRegistry) => {
          const gatherer = new Gatherer();
          followRegistry(registry, gatherer);
          return gatherer;
        };
        const gatherers = registries.map(follow);
        const metrics = [
          ['jobs_total', 'a'],
          ['jobs_total', 'b'],
          ['other_total', 'a'],
        ].map(([name = '', labelName = '']) => ({
          ...{ name, labelName, values: new Map<string, number>() },
          counter: new Counter({ name, help: 'Help.', labelNames: [labelName], registers: [] }),
        }));
        const members = registries.map(() => new Set<(typeof metrics)[number]>());
        const samplesIn = (index: number) =>
          Object.fromEntries(
            [...members[index]!].flatMap(({ name, labelName, values }) =>
              [...values].map(([value, count]) => [`${name},${labelName}="${value}"`, count]),
            ),
          );
        for (const step of steps) {
          const one = metrics['metric' in step ? step.metric : 0]!;
          if ('label' in step) {
            if (step.type === 'inc') one.counter.labels(step.label).inc();
            else one.counter.remove(step.label);
            if (step.type === 'inc') one.values.set(step.label, (one.values.get(step.label) ?? 0) + 1);
            else one.values.delete(step.label);
          } else if ('metric' in step) {
            const [registry, inside] = [registries[step.place]!, members[step.place]!];
            const sameName = [...inside].filter(({ name }) => name === one.name);
            if (step.type === 'leave') {
              registry.removeSingleMetric(one.name);
              for (const other of sameName) inside.delete(other);
            } else if (sameName.every((other) => other === one)) {
              registry.registerMetric(one.counter);
              inside.add(one);
            }
          } else if (step.type === 'clear') {
            registries[step.place]!.clear();
            members[step.place]!.clear();
          } else gatherers[step.place] = follow(registries[step.place]!);
          gatherers.forEach((gatherer, index) => {
            expect(samplesOf(gatherer)).to.deep.equal(samplesIn(index));
          });
        }
      }),
      { numRuns: 150 },
    );
  });
});
