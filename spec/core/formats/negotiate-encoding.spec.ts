import { expect } from 'chai';
import { negotiateEncoding } from '../../../lib/core/formats/negotiate-encoding.js';

describe('negotiateEncoding', () => {
  const yes = [
    'gzip',
    'GZIP',
    'x-gzip',
    'gzip, deflate, br',
    'deflate, gzip;q=0.5',
    '*',
    'br, *;q=0.1',
    'gzip;q=1.0, identity;q=0.5',
  ];
  const no = [
    undefined,
    '',
    'identity',
    'br',
    'gzip;q=0',
    'gzip;q=0.000',
    '*;q=0',
    '*, gzip;q=0',
    'gzip;q=0.5, identity',
    'gzip;q=no',
  ];
  for (const header of yes) it(`is gzip for ${header}`, () => expect(negotiateEncoding(header)).to.equal('gzip'));
  for (const header of no) {
    it(`is identity for ${header ?? 'no header'}`, () => expect(negotiateEncoding(header)).to.equal('identity'));
  }

  it('uses gzip if `*` excludes everything else', () => {
    expect(negotiateEncoding('gzip, *;q=0')).to.equal('gzip');
  });

  it('uses zstd only if it is offered and the header names it', () => {
    const offers = ['zstd', 'gzip'] as const;
    for (const header of ['zstd', 'zstd,gzip', 'gzip, zstd', 'gzip;q=0.9, zstd', 'br, zstd;q=0.2, identity;q=0.1']) {
      expect(negotiateEncoding(header, offers), header).to.equal('zstd');
    }
    for (const header of ['gzip', '*', 'gzip, zstd;q=0.9', 'zstd;q=0, gzip', 'zstd;q=0, *']) {
      expect(negotiateEncoding(header, offers), header).to.equal('gzip');
    }
    for (const header of ['br', 'zstd;q=0', 'zstd;q=0.5, identity', '']) {
      expect(negotiateEncoding(header, offers), header).to.equal('identity');
    }
    expect(negotiateEncoding('zstd, gzip;q=0.1')).to.equal('gzip');
    expect(negotiateEncoding('zstd')).to.equal('identity');
  });
});
