import { expect } from 'chai';
import { metricFilter } from '../../../lib/core/formats/filter.js';

describe('metricFilter', () => {
  const metrics = [
    { name: 'calls_total', type: 'counter' },
    { name: 'jobs', type: 'counter' },
    { name: 'calls', type: 'gauge' },
    { name: 'wait_seconds', type: 'histogram' },
    { name: 'size_bytes', type: 'summary' },
    { name: 'build_info', type: 'info' },
  ];
  const kept = (query: string) => {
    const filter = metricFilter(new URLSearchParams(query).getAll('name[]'));
    return metrics.filter(filter).map(({ name }) => name);
  };

  it('keeps everything if no name is requested', () => {
    for (const query of ['', 'created=1', 'name=calls', 'name[]=']) expect(kept(query)).to.have.length(metrics.length);
  });

  const cases: Readonly<Record<string, readonly string[]>> = {
    'name[]=jobs': ['jobs'],
    'name%5B%5D=jobs': ['jobs'],
    'name[]=calls_total': ['calls_total'],
    'name[]=calls': ['calls_total', 'calls'],
    'name[]=calls_created': ['calls_total'],
    'name[]=wait_seconds': ['wait_seconds'],
    'name[]=wait_seconds_bucket': ['wait_seconds'],
    'name[]=wait_seconds_sum&name[]=wait_seconds_count': ['wait_seconds'],
    'name[]=size_bytes_count&name[]=build': ['size_bytes', 'build_info'],
    'name[]=size_bytes_bucket': [],
    'name[]=wait': [],
    'name[]=jobs_total': [],
    'name[]=nothing&name[]=build_info': ['build_info'],
    'name[]=__proto__': [],
  };
  for (const [query, expected] of Object.entries(cases)) {
    it(`keeps ${expected.join(' and ') || 'nothing'} for ${query}`, () => {
      expect(kept(query)).to.deep.equal(expected);
    });
  }
});
