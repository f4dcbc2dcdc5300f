import { expect } from 'chai';
import {
  checkLabels,
  labelsFromArguments,
  valuesInOrder,
  valuesOf,
  withExemplar,
} from '../../../../lib/core/metrics/custom/label-values.js';
import { ABSENT_LABEL_VALUE } from '../../../../lib/core/metrics/label-value.js';
import { createMetric } from '../../../support/custom-metrics/compare-metrics.js';
import { ReusingRegistry } from '../../../support/custom-metrics/reusing-registry.js';

describe('label values of custom metrics', () => {
  it('have the order of the label names', () => {
    expect(valuesOf(['a', 'b'], { b: 2, a: 'x' })).to.deep.equal(['x', '2']);
    expect(valuesInOrder(['a', 'b'], ['x', 2])).to.deep.equal(['x', '2']);
    expect(labelsFromArguments(['a', 'b'], ['x', 2])).to.deep.equal({ a: 'x', b: 2 });
  });

  it('are absent for missing labels, and text for any other value', () => {
    expect(valuesOf(['a', 'b'], {})).to.deep.equal([ABSENT_LABEL_VALUE, ABSENT_LABEL_VALUE]);
    expect(valuesInOrder(['a', 'b'], [undefined, null])).to.deep.equal([ABSENT_LABEL_VALUE, 'null']);
    expect(valuesOf(['a', 'b'], { a: '', b: false })).to.deep.equal(['', 'false']);
  });

  it('are not taken from the methods of every object', () => {
    const names = ['constructor', 'toString', 'valueOf'];
    expect(valuesOf(names, {})).to.deep.equal(names.map(() => ABSENT_LABEL_VALUE));
    expect(valuesOf(names, { toString: 'x' as never })).to.deep.equal([ABSENT_LABEL_VALUE, 'x', ABSENT_LABEL_VALUE]);
  });

  it('are rejected for unknown labels, also inherited ones', () => {
    expect(() => checkLabels(['a'], { a: 1 })).not.to.throw();
    expect(() => checkLabels(['a'], Object.create({ b: 1 }))).to.throw(
      `Added label "b" is not included in initial labelset: [ 'a' ]`,
    );
  });

  it('are limited to 256 characters in a scrape, and longer ones with the same start share a series', async () => {
    const own = new ReusingRegistry();
    const counter = createMetric('Counter', { labelNames: ['a'] }, own.registry);
    for (const length of [256, 257, 300]) counter.inc({ a: 'x'.repeat(length) });
    counter.labels('x'.repeat(400)).inc();
    expect(own.samples).to.deep.equal({ [`counter,a="${'x'.repeat(256)}"`]: 4 });
    expect((await counter.get()).values).to.have.length(1);
  });

  it('are well-formed in a scrape', () => {
    const own = new ReusingRegistry();
    const counter = createMetric('Counter', { labelNames: ['a'] }, own.registry);
    for (const a of ['\ud800', '\udfff', '\ufffd']) counter.inc({ a });
    counter.inc({});
    expect(own.samples).to.deep.equal({ 'counter,a="\ufffd"': 3, counter: 1 });
  });

  it('are omitted from a scrape if they are absent', () => {
    const own = new ReusingRegistry();
    const options = { labelNames: ['a', 'b', 'c'], buckets: [1] };
    const level = createMetric('Gauge', { ...options, name: 'level' }, own.registry);
    for (const labels of [{}, { a: 'x' }, { b: 'y' }, { a: 'x', c: 'z' }]) level.set(labels, 1);
    createMetric('Histogram', { ...options, name: 'wait' }, own.registry).observe({ b: 'y' }, 1);
    expect(own.text.split('\n').filter((line) => /^(level|wait)/.test(line))).to.deep.equal([
      'level 1',
      'level{a="x"} 1',
      'level{b="y"} 1',
      'level{a="x",c="z"} 1',
      'wait_bucket{b="y",le="1"} 1',
      'wait_bucket{b="y",le="+Inf"} 1',
      'wait_sum{b="y"} 1',
      'wait_count{b="y"} 1',
    ]);
  });

  it('that are absent are replaced by default labels, as in prom-client', async () => {
    const own = new ReusingRegistry();
    const counter = createMetric('Counter', { labelNames: ['a', 'b'] }, own.registry);
    own.registry.setDefaultLabels({ a: 'default', zone: 'z' });
    counter.inc({ b: 'y' });
    counter.inc({ a: 'x' }, 2);
    const lines = ['counter{b="y",a="default",zone="z"} 1', 'counter{a="x",zone="z"} 2'];
    expect(own.text.split('\n').filter((line) => line.startsWith('counter'))).to.deep.equal(lines);
    expect((await own.registry.metrics()).split('\n')).to.include.members(lines);
  });
});

describe('withExemplar', () => {
  it('accepts calls in the form without an exemplar', () => {
    const exemplarLabels = { trace_id: 'a' };
    expect(withExemplar({ labels: { code: 200 }, value: 2, exemplarLabels }, undefined)).to.deep.equal({
      labels: { code: 200 },
      value: 2,
      exemplarLabels,
    });
    expect(withExemplar({ code: 200 }, 2)).to.deep.equal({ labels: { code: 200 }, value: 2 });
    expect(withExemplar(3, undefined)).to.deep.equal({ value: 3 });
    expect(withExemplar(undefined, undefined)).to.deep.equal({ value: undefined });
  });
});
