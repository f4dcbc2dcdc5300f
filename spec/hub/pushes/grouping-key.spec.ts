import { expect } from 'chai';
import fc from 'fast-check';
import { pushPath } from '../../../lib/core/push/push-path.js';
import { isPushPath, readGrouping } from '../../../lib/hub/pushes/grouping-key.js';
import { PushRefused } from '../../../lib/hub/pushes/push-refused.js';

describe('readGrouping', () => {
  it('parses jobs and labels, percent-encoded or in base64', () => {
    expect(readGrouping('/metrics/job/a%2Db/instance/h%C3%A9').labels).to.deep.equal([
      ['job', 'a-b'],
      ['instance', 'hé'],
    ]);
    expect(readGrouping('/metrics/job@base64/L3Zhci90bXA/x@base64/=').labels).to.deep.equal([
      ['job', '/var/tmp'],
      ['x', ''],
    ]);
  });

  it('returns the same key for labels in any order, and ignores empty labels', () => {
    const { key } = readGrouping('/metrics/job/j/a/1/b/2');
    expect(readGrouping('/metrics/job/j/b/2/a/1').key).to.equal(key);
    expect(readGrouping('/metrics/job/j/b/2/a/1/c@base64/=').key).to.equal(key);
    expect(readGrouping('/metrics/job/j/b/2').key).not.to.equal(key);
  });

  it('ignores trailing slashes', () => {
    const { key, labels } = readGrouping('/metrics/job/a/b/1');
    expect(labels).to.have.length(2);
    for (const end of ['/', '//', '///']) expect(readGrouping(`/metrics/job/a/b/1${end}`).key).to.equal(key);
    expect(readGrouping('/metrics/job@base64/YQ/').labels).to.deep.equal([['job', 'a']]);
  });

  it('reads a label before a trailing slash as empty', () => {
    for (const label of ['b', 'b@base64']) {
      expect(readGrouping(`/metrics/job/a/${label}/`).labels).to.deep.equal([
        ['job', 'a'],
        ['b', ''],
      ]);
    }
  });

  it('uses the last value of a repeated label, and the first job', () => {
    expect(readGrouping('/metrics/job/a/b/1/b/2/job/c').labels).to.deep.equal([
      ['job', 'a'],
      ['b', '2'],
    ]);
  });

  it('limits the number of labels', () => {
    const labels = Array.from({ length: 64 }, (_, index) => `/l${index}/1`).join('');
    expect(() => readGrouping(`/metrics/job/a${labels}`)).to.throw(PushRefused, 'more than 64 labels');
  });

  const bad = [
    '',
    '/',
    '//',
    '/job',
    '/job/',
    '/job//',
    '/job@base64/=',
    '/jobs/a',
    '/job/a/b',
    '/job/a//b',
    '/job/a/b-c/1',
    '/job/a/__x/1',
    '/job/%zz',
    '/job/a/b@base64/_w',
    '/job/a/b@base64/a*',
    '/job/a/b/%FF',
  ];
  for (const rest of bad) {
    it(`rejects /metrics${rest}`, () => {
      expect(() => readGrouping(`/metrics${rest}`))
        .to.throw(PushRefused, 'expected /metrics/job/JOB')
        .with.property('status', 400);
    });
  }

  it('parses every path that TinyLLM pushes to', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('', '.', '..', '/', 'a/b', '%2F', '@base64'),
    );
    const label = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((name) => name !== 'job');
    fc.assert(
      fc.property(
        value.filter((job) => job !== ''),
        fc.dictionary(label, value, { noNullPrototype: true }),
        (job, groupings) => {
          const path = new URL(`http://h${pushPath({ job, groupings })}`).pathname;
          expect(isPushPath(path)).to.equal(true);
          expect(Object.fromEntries(readGrouping(path).labels)).to.deep.equal({ job, ...groupings });
        },
      ),
    );
  });
});
