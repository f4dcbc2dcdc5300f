import { expect } from 'chai';
import { FORMATS } from '../../../lib/core/formats/formats.js';

describe('the formats', () => {
  const { text, openmetrics, 'text-1.0': text1, 'openmetrics-2.0': openmetrics2 } = FORMATS;
  const metadata = { name: 'size', help: 'A "size".', type: 'gauge' };

  it('have a content type', () => {
    expect(text.contentType).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(openmetrics.contentType).to.equal('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(text1.contentType).to.equal('text/plain; version=1.0.0; charset=utf-8');
    expect(openmetrics2.contentType).to.equal('application/openmetrics-text; version=2.0.0; charset=utf-8');
  });

  it('keep the name of each type in OpenMetrics 2.0, and require an exemplar to have a time', () => {
    const typeOf = (name: string, type: string) => openmetrics2.header({ name, help: '', type });
    expect(typeOf('jobs_total', 'counter')).to.equal('# TYPE jobs_total counter\n');
    expect(typeOf('jobs', 'counter')).to.equal('# TYPE jobs counter\n');
    expect(typeOf('jobs_info', 'info')).to.equal('# TYPE jobs_info info\n');
    expect(typeOf('jobs', 'info')).to.equal('# TYPE jobs unknown\n');
    expect(openmetrics2.header({ name: 'x_seconds_total', help: 'A\r', type: 'counter', unit: 'seconds' })).to.equal(
      '# TYPE x_seconds_total counter\n# UNIT x_seconds_total seconds\n# HELP x_seconds_total A\r \n',
    );
    expect(openmetrics2.exemplar({ labels: {}, value: 1 })).to.equal('');
    expect(openmetrics2.exemplar({ labels: { 'a.b': 'c' }, value: 1, timestampSeconds: 2 })).to.equal(
      ' # {"a.b"="c"} 1 2',
    );
  });

  const headers: readonly (readonly [type: string, name: string, text: string, openmetrics: string])[] = [
    ['counter', 'jobs_total', 'jobs_total counter', 'jobs counter'],
    ['counter', 'jobs', 'jobs counter', 'jobs unknown'],
    ['gauge', 'jobs', 'jobs gauge', 'jobs gauge'],
    ['histogram', 'jobs', 'jobs histogram', 'jobs histogram'],
    ['summary', 'jobs', 'jobs summary', 'jobs summary'],
    ['info', 'jobs_info', 'jobs_info gauge', 'jobs info'],
    ['info', 'jobs', 'jobs gauge', 'jobs unknown'],
    ['stateset', 'jobs', 'jobs untyped', 'jobs unknown'],
  ];
  for (const [type, name, inText, inOpenMetrics] of headers) {
    it(`have a type for a ${type} named ${name}`, () => {
      const family = inOpenMetrics.split(' ')[0];
      expect(text.header({ name, help: 'A "b".', type })).to.equal(`# HELP ${name} A "b".\n# TYPE ${inText}\n`);
      expect(openmetrics.header({ name, help: 'A "b".', type })).to.equal(
        `# TYPE ${inOpenMetrics}\n# HELP ${family} A \\"b\\".\n`,
      );
    });
  }

  it('write units only in OpenMetrics, and omit an empty help text in OpenMetrics', () => {
    const seconds = { name: 'wait_seconds', help: '', type: 'gauge', unit: 'seconds' };
    expect(openmetrics.header(seconds)).to.equal('# TYPE wait_seconds gauge\n# UNIT wait_seconds seconds\n');
    expect(text.header(seconds)).to.equal('# HELP wait_seconds \n# TYPE wait_seconds gauge\n');
    expect(openmetrics.header({ ...metadata, name: 'left_undefined' })).to.not.contain('UNIT');
    expect(openmetrics.header({ ...metadata, name: 'jobs', type: 'counter', unit: 'jobs' })).to.not.contain('UNIT');
    expect(openmetrics.header({ ...metadata, name: 'x_bytes_info', type: 'info', unit: 'bytes' })).to.not.contain(
      'UNIT',
    );
  });

  it('write exemplars only in OpenMetrics, with their time if it is known', () => {
    const exemplar = { labels: { a: 'b"', c: 'd' }, value: Number.POSITIVE_INFINITY };
    expect(openmetrics.exemplar(exemplar)).to.equal(' # {a="b\\"",c="d"} +Inf');
    expect(openmetrics.exemplar({ ...exemplar, timestampSeconds: 1.5 })).to.equal(' # {a="b\\"",c="d"} +Inf 1.5');
    expect(openmetrics.exemplar({ labels: {}, value: 1 })).to.equal(' # {} 1');
    expect(text.exemplar(exemplar)).to.equal('');
  });

  it('omit an exemplar if the names and values of its labels together have more than 128 characters', () => {
    const exemplarOf = (last: string) => openmetrics.exemplar({ labels: { ab: 'x'.repeat(60), c: last }, value: 1 });
    expect(exemplarOf('y'.repeat(65))).to.not.equal('');
    expect(exemplarOf('y'.repeat(66))).to.equal('');
  });

  it('write comments only in the text format', () => {
    expect(text.comment('one\ntwo\nthree')).to.equal('# one two three\n');
    expect(openmetrics.comment('one')).to.equal('');
  });

  it('have their own format for bounds, and their own end', () => {
    expect([text.bound(1), text.bound(Number.POSITIVE_INFINITY)]).to.deep.equal(['1', '+Inf']);
    expect([openmetrics.bound(1), openmetrics.bound(Number.POSITIVE_INFINITY)]).to.deep.equal(['1.0', '+Inf']);
    expect([text.end, openmetrics.end]).to.deep.equal(['', '# EOF\n']);
    expect([text.strict, openmetrics.strict]).to.deep.equal([false, true]);
  });
});
