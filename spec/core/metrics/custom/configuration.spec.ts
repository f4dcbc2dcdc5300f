import { expect } from 'chai';
import * as original from 'prom-client';
import { catalog } from '../../../../lib/core/catalog/catalog.js';
import { getMetricsCollector } from '../../../../lib/core/collector/shared-collector.js';
import { InvalidDescriptorError } from '../../../../lib/core/errors/errors.js';
import { invalidNumber, plainNames } from '../../../../lib/core/metrics/custom/configuration.js';
import { Counter } from '../../../../lib/core/metrics/custom/counter.js';
import { Gauge } from '../../../../lib/core/metrics/custom/gauge.js';
import { Histogram } from '../../../../lib/core/metrics/custom/histogram.js';
import { registry, SharedRegistry } from '../../../../lib/core/metrics/shared-registry.js';
import { createMetric, errorOf } from '../../../support/custom-metrics/compare-metrics.js';

const ours = { Counter, Gauge, Histogram };
const kinds = ['Counter', 'Gauge', 'Histogram'] as const;

describe('the configuration of a custom metric', () => {
  const facts = { name: 'metric', help: 'Help.' };
  const errorsOf = (configuration: unknown) =>
    kinds.flatMap((kind) =>
      [ours, original].map((library) => {
        const create = library[kind] as new (configuration: unknown) => unknown;
        // `@tinyllm/prom-client` sets this option.
        const isObject = typeof configuration === 'object' && configuration !== null;
        const strict = isObject ? { ...configuration, [plainNames]: true } : configuration;
        return errorOf(() => new create(library === ours ? strict : configuration));
      }),
    );

  for (const [title, configuration] of Object.entries({
    nothing: undefined,
    null: null,
    'a string': 'metric',
    'no properties': {},
    'no help': { name: 'metric' },
    'an empty help': { name: 'metric', help: '' },
    'no name': { help: 'Help.' },
    'an empty name': { ...facts, name: '' },
    'a name with a dash': { ...facts, name: 'a-b' },
    'a name that starts with a digit': { ...facts, name: '1a' },
    'a name with a line break': { ...facts, name: 'a\n' },
    'an invalid label': { ...facts, labelNames: ['a', 'b-c'] },
    'a label that starts with a digit': { ...facts, labelNames: ['1a'] },
    'an empty label': { ...facts, labelNames: [''] },
    'a label with a colon': { ...facts, labelNames: ['a:b'] },
    '`collect` that is no function': { ...facts, collect: 'a', registers: [] },
  })) {
    it(`causes the same error as in prom-client with ${title}`, () => {
      const [first, ...others] = errorsOf(configuration);
      expect(first).to.be.a('string');
      expect(new Set(others)).to.deep.equal(new Set([first]));
    });
  }

  it('accepts any UTF-8 name of a metric and of its labels', () => {
    for (const kind of kinds) {
      for (const name of ['http.requests', '1', 'é "\n', '\u{1f600}']) {
        const metric = new ours[kind]({ ...facts, name, labelNames: [name], registers: [] });
        expect([metric.name, metric.labelNames]).to.deep.equal([name, [name]]);
      }
    }
  });

  it('rejects names that no format can contain', () => {
    for (const name of ['a\0', '\ud800', 5] as string[]) {
      const create = () => new Counter({ ...facts, name, registers: [] });
      expect(create).to.throw(InvalidDescriptorError, 'A metric has the name');
      const label = () => new Counter({ ...facts, labelNames: [name], registers: [] });
      expect(label).to.throw(InvalidDescriptorError, 'Metric "metric" has the label name');
    }
    expect(() => new Counter({ ...facts, labelNames: [''], registers: [] })).to.throw(
      InvalidDescriptorError,
      `Metric "metric" has the label name ''; expected a text that is not empty and has no U+0000`,
    );
    expect(() => new Counter({ ...facts, labelNames: ['__a.b'], registers: [] })).to.throw(
      InvalidDescriptorError,
      'names that start with __ are reserved',
    );
  });

  it('has the same facts as in prom-client', () => {
    for (const configuration of [
      { ...facts, registers: [] },
      { ...facts, registers: [], labelNames: ['a', 'b'], aggregator: 'max' as const, collect: () => {} },
      { ...facts, name: 'a:b_1', registers: [] },
    ]) {
      for (const kind of kinds) {
        const [one, other] = [ours, original].map((library) => {
          const create = library[kind] as new (configuration: object) => original.Metric;
          const { name, help, labelNames, aggregator, type, registers, collect } = new create(configuration) as never;
          return { name, help, labelNames: labelNames ?? [], aggregator, type, registers, collect };
        });
        expect(one).to.deep.equal({ ...other });
      }
    }
  });

  it('cannot have the name of another metric of the registry, with the text of prom-client', () => {
    const registers = [new SharedRegistry()];
    const create = () => new Counter({ ...facts, registers });
    create();
    expect(errorOf(create)).to.equal('Error: A metric with the name metric has already been registered.');
    expect(errorOf(() => new Gauge({ ...facts, registers }))).to.equal(errorOf(create));
  });

  it('cannot have the name of a metric of TinyLLM', () => {
    const name = catalog.requests.name;
    expect(getMetricsCollector().meter.registry).to.equal(registry);
    expect(errorOf(() => new Gauge({ name, help: 'Help.' }))).to.match(/^Error: A metric with the name .* registered/);
  });

  it('can have the name of a metric of another registry, or of a removed one', () => {
    const registers = [new SharedRegistry()];
    new Counter({ ...facts, registers });
    new Counter({ ...facts, registers: [new SharedRegistry()] });
    new Counter({ ...facts, registers: [] });
    registers[0]!.removeSingleMetric('metric');
    new Gauge({ ...facts, registers });
  });

  it('rejects labels that start with __, which prom-client accepts', () => {
    expect(() => createMetric('Gauge', { labelNames: ['a', '__x'] })).to.throw(
      InvalidDescriptorError,
      'Metric "gauge" has a label "__x"; names that start with __ are reserved.',
    );
  });

  it('rejects duplicate labels and more than 64 labels, which prom-client accepts', () => {
    expect(() => createMetric('Gauge', { labelNames: ['a', 'b', 'a'] })).to.throw(InvalidDescriptorError, 'a, b, a');
    const labelNames = Array.from({ length: 65 }, (_, index) => `l${index}`);
    expect(() => createMetric('Gauge', { labelNames })).to.throw(InvalidDescriptorError, '65 labels');
    createMetric('Gauge', { labelNames: labelNames.slice(1) });
  });

  it('names the metric and the value if labels, registries or buckets are not lists', () => {
    const create = (options: object, kind: (typeof kinds)[number] = 'Histogram') =>
      errorOf(() => new ours[kind]({ ...facts, registers: [], ...options } as never));
    expect([
      create({ labelNames: 'country' }),
      create({ registers: registry }),
      create({ registers: [{}] }),
      create({ registers: [undefined] }),
      create({ buckets: 5 }),
    ]).to.deep.equal([
      "TypeError: The metric metric has the labelNames 'country'; expected a list of names.",
      'TypeError: The metric metric has the registers a value of type object; expected a list of registries, such as [registry].',
      'TypeError: The metric metric has the registers [ {} ]; expected a list of registries, such as [registry].',
      'TypeError: The metric metric has the registers [ undefined ]; expected a list of registries, such as [registry].',
      'TypeError: buckets is 5; expected a list of numbers.',
    ]);
  });

  it('rejects an unknown aggregator, which prom-client accepts until it combines processes', () => {
    expect(errorOf(() => createMetric('Gauge', { aggregator: 'median' }))).to.equal(
      "Error: 'median' is not a defined aggregator.",
    );
  });

  it('requires OpenMetrics for exemplars, except in the shared registry', () => {
    const options = { ...facts, name: 'with_exemplars', enableExemplars: true };
    const plain = [new SharedRegistry(), new original.Registry()];
    for (const registers of plain.map((one) => [one])) {
      for (const library of [ours, original]) {
        expect(errorOf(() => new library.Counter({ ...options, registers: registers as never }))).to.equal(
          'TypeError: Exemplars are supported only on OpenMetrics registries',
        );
      }
    }
    for (const one of plain) expect(one.getMetricsAsArray()).to.deep.equal([]);
    new Counter(options);
    registry.removeSingleMetric(options.name);
  });

  it('does not change with the given object', async () => {
    const buckets = [1, 2];
    const histogram = createMetric('Histogram', { buckets });
    buckets.push(3);
    expect((await histogram.get()).values).to.have.length(5);
    const labelNames = ['a'];
    const counter = createMetric('Counter', { labelNames });
    labelNames.push('b');
    expect(errorOf(() => counter.labels('x', 'y'))).to.match(/^Error: Invalid number of arguments \(2\)/);
  });
});

describe('invalidNumber', () => {
  it('shows a value as prom-client does', () => {
    const shown = [undefined, null, 'a b', [1], { a: 1 }, 5n, Symbol('s')].map((value) => invalidNumber(value).message);
    expect(shown.map((message) => message.replace('Value is not a valid number: ', ''))).to.deep.equal([
      ...['undefined', 'null', 'a b', '[ 1 ]', '{ a: 1 }', '5n', 'Symbol(s)'],
    ]);
    expect(invalidNumber('a', 'Delta').message).to.equal('Delta is not a valid number: a');
  });
});
