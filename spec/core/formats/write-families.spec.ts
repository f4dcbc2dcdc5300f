import { expect } from 'chai';
import { FORMATS } from '../../../lib/core/formats/formats.js';
import { writeFamilies, writeInPieces } from '../../../lib/core/formats/write-families.js';
import { familyOf } from '../../support/families.js';
import { parseOpenMetrics } from '../../support/parse-openmetrics.js';

describe('writeFamilies', () => {
  const { text, openmetrics } = FORMATS;
  const counter = familyOf(
    { name: 'calls_total', help: 'Calls.', kind: 'counter', labels: [] },
    { cells: [3], createdSeconds: 50, exemplars: [{ labels: { id: 'x' }, value: 1, timestampSeconds: 2 }] },
  );
  const histogram = familyOf(
    { name: 'size', help: 'Size.', kind: 'histogram', buckets: [1] },
    { cells: [2, 1, -5], createdSeconds: 60 },
    { cells: [1, 0, 0], createdSeconds: 70 },
  );
  const linesOf = (...[families, format, options]: Parameters<typeof writeFamilies>) =>
    writeFamilies(families, format, options)
      .toString()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('# '));

  it('writes creation times if they are requested and the format supports them', () => {
    expect(linesOf([counter], openmetrics, { created: true })).to.deep.equal([
      'calls_total 3 # {id="x"} 1 2',
      'calls_created 50',
    ]);
    expect(linesOf([counter], openmetrics, {})).to.deep.equal(['calls_total 3 # {id="x"} 1 2']);
    expect(linesOf([counter], text, { created: true })).to.deep.equal(['calls_total 3']);
  });

  it('writes a histogram with sum and count if the sum cannot decrease', () => {
    expect(linesOf([histogram], openmetrics, { created: true })).to.deep.equal([
      ...['size_bucket{le="1.0"} 2', 'size_bucket{le="+Inf"} 3', 'size_created 60'],
      ...['size_bucket{le="1.0"} 1', 'size_bucket{le="+Inf"} 1', 'size_sum 0', 'size_count 1', 'size_created 70'],
    ]);
    expect(linesOf([histogram], text)).to.deep.equal([
      ...['size_bucket{le="1"} 2', 'size_bucket{le="+Inf"} 3', 'size_sum -5', 'size_count 3'],
      ...['size_bucket{le="1"} 1', 'size_bucket{le="+Inf"} 1', 'size_sum 0', 'size_count 1'],
    ]);
  });

  it('assumes negative values only if the first bound is negative', () => {
    const sumsOf = (bound: number) =>
      linesOf(
        [familyOf({ name: 'size', help: 'A.', kind: 'histogram', buckets: [bound] }, { cells: [0, 1, 2] })],
        openmetrics,
      ).filter((line) => line.startsWith('size_sum'));
    expect(sumsOf(0)).to.deep.equal(['size_sum 2']);
    expect(sumsOf(-0.5)).to.deep.equal([]);
  });

  it('writes no exemplar and no creation time of a gauge', () => {
    const exemplars = [{ labels: { id: 'x' }, value: 1, timestampSeconds: 2 }];
    const gauge = familyOf({ name: 'level', help: 'Level.', kind: 'gauge' }, { cells: [1], exemplars });
    expect(linesOf([gauge], openmetrics, { created: true })).to.deep.equal(['level 1']);
  });

  it('in OpenMetrics only, writes a counter without a type if a gauge has the name of its family', () => {
    const gauge = familyOf({ name: 'calls', help: 'Gauge.', kind: 'gauge' }, { cells: [2] });
    for (const families of [
      [counter, gauge],
      [gauge, counter],
    ]) {
      const written = parseOpenMetrics(
        `${writeFamilies(families, openmetrics, { created: true }).toString()}${openmetrics.end}`,
      );
      const shown = written.map(({ name, type, samples }) => [name, type, samples.map((sample) => sample.value)]);
      expect(shown).to.have.deep.members([
        ['calls', 'gauge', [2]],
        ['calls_total', 'unknown', [3]],
      ]);
      expect(writeFamilies(families, text).toString()).to.contain('# TYPE calls_total counter\ncalls_total 3\n');
    }
  });

  it('considers the names in the text that follows', () => {
    const write = (rest: string): string =>
      Buffer.concat(
        [...writeInPieces([counter], openmetrics, { rest: Buffer.from(rest) })].map(Buffer.from),
      ).toString();
    const gauge = '# TYPE calls gauge\n# HELP calls Gauge.\ncalls 2\n';
    expect(parseOpenMetrics(write(gauge)).map(({ name, type }) => [name, type])).to.deep.equal([
      ['calls_total', 'unknown'],
      ['calls', 'gauge'],
    ]);
    expect(write('# TYPE other gauge\nother 1\n')).to.contain('# TYPE calls counter\n');
  });

  it('omits a metric whose name belongs to another metric in OpenMetrics', () => {
    const gauge = familyOf({ name: 'size_created', help: 'Gauge.', kind: 'gauge' }, { cells: [2] });
    expect(linesOf([histogram, gauge], openmetrics)).not.to.contain('size_created 2');
    expect(linesOf([histogram, gauge], text)).to.contain('size_created 2');
  });

  it('omits a metric whose name belongs to the samples of a histogram in every format', () => {
    for (const name of ['size_count', 'size_sum', 'size_bucket']) {
      const other = familyOf({ name, help: 'Other.', kind: 'gauge' }, { cells: [77] });
      for (const format of [openmetrics, text]) {
        expect(linesOf([histogram, other], format).filter((line) => line.endsWith(' 77'))).to.deep.equal([]);
      }
    }
  });

  it('writes info series that are set', () => {
    const info = familyOf(
      { name: 'build_info', help: 'Build.', kind: 'info' },
      ...[0, 1, 7].map((shown) => ({ labels: { version: `${shown}` }, cells: [shown] })),
    );
    for (const format of [text, openmetrics]) {
      expect(linesOf([info], format)).to.deep.equal(['build_info{version="1"} 1', 'build_info{version="7"} 1']);
    }
  });
});
