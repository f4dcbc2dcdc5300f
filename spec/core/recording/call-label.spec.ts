import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { CallLabel, instanceName } from '../../../lib/core/recording/call-label.js';
import type { LabelOption } from '../../../lib/core/recording/call-options.js';
import { sampleValue } from '../../support/parse-text.js';

describe('instanceName', () => {
  it('is the id, the name or the class name', () => {
    class Named {}
    expect(instanceName({ id: 'id', name: 'name' })).to.equal('id');
    expect(instanceName({ id: 7 })).to.equal('7');
    expect(instanceName({ id: '', name: 'name' })).to.equal('name');
    expect(instanceName({ id: () => 'no', name: {} })).to.equal('Object');
    expect(instanceName(new Named() as object)).to.equal('Named');
    expect(instanceName(Named as object)).to.equal('Named');
    for (const nothing of [undefined, null, Object.create(null)]) expect(instanceName(nothing)).to.equal('unknown');
  });
});

describe('a label function', () => {
  class Client {}
  class OtherClient {}
  const setUp = (option: unknown, { isOptional = false, hasSite = true } = {}) => {
    const registry = new SharedRegistry();
    const collector = new MetricsCollector(registry);
    const source = { name: 'model', option: option as LabelOption, fallback: 'unknown', isOptional };
    const site = hasSite ? { decorator: '@TrackRequest', method: 'ask' } : undefined;
    const label = new CallLabel(source, collector, site);
    const problems: string[] = [];
    collector.problems.follow(({ message }) => problems.push(message));
    const errors = async () =>
      sampleValue(await registry.metrics(), 'tinyllm_instrumentation_errors_total', { site: 'label' });
    return { label, problems, errors };
  };
  const advice = 'expected a string, or null for the default value. The label has its default value in such calls.';

  it('that returns nothing is reported and counted once per class', async () => {
    const { label, problems, errors } = setUp((self: { modle?: string }) => self?.modle);
    for (const self of [new Client(), new Client(), new OtherClient(), Client, undefined, undefined]) {
      expect(label.value(self, [])).to.equal('unknown');
    }
    expect(problems).to.deep.equal([
      `The option "model" of @TrackRequest on Client.ask returned undefined; ${advice}`,
      `The option "model" of @TrackRequest on OtherClient.ask returned undefined; ${advice}`,
      `The option "model" of @TrackRequest on ask returned undefined; ${advice}`,
    ]);
    expect(await errors()).to.equal(3);
  });

  it('that throws or returns another value is reported once per class, and counted each time', async () => {
    const failing = [
      [() => Promise.reject(new Error('no')), 'returned a promise'],
      [() => ({}), 'returned a value of type object'],
      [
        () => {
          throw new Error('no');
        },
        'threw an error',
      ],
    ] as const;
    for (const [option, problem] of failing) {
      const { label, problems, errors } = setUp(option);
      for (const _call of [1, 2]) label.value(new Client(), []);
      expect(problems).to.deep.equal([`The option "model" of @TrackRequest on Client.ask ${problem}; ${advice}`]);
      expect(await errors()).to.equal(2);
    }
  });

  it('may return null, or nothing for an optional label or if there is no decorated method', async () => {
    for (const options of [{ isOptional: true }, { hasSite: false }, { value: null }]) {
      const value = 'value' in options ? options.value : undefined;
      const { label, problems, errors } = setUp(() => value, options);
      label.value(new Client(), []);
      expect(problems).to.deep.equal([]);
      expect(await errors()).to.equal(undefined);
    }
  });

  it('never fails, even if the class of the instance cannot be read', () => {
    const hostile = Object.defineProperty({}, 'constructor', {
      get: () => {
        throw new Error('no');
      },
    });
    const { label, problems } = setUp(() => undefined);
    expect(label.value(hostile, [])).to.equal('unknown');
    expect(problems).to.deep.equal([]);
  });
});
