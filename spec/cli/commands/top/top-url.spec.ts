import { expect } from 'chai';
import { readTopUrl } from '../../../../cli/commands/top/top-url.js';

describe('readTopUrl', () => {
  const cases = [
    ['http://127.0.0.1:9090', 'http://127.0.0.1:9090/metrics'],
    ['localhost:9090', 'http://localhost:9090/metrics'],
    ['https://host/app/metrics?x=1#y', 'https://host/app/metrics?x=1'],
    ['[::1]:9090/', 'http://[::1]:9090/metrics'],
  ] as const;
  for (const [text, url] of cases) {
    it(`accepts ${text}`, () => {
      const shown = url.replace('?x=1', '?***');
      expect(readTopUrl(text)).to.deep.equal({ url, shown, authorization: undefined });
    });
  }

  it('removes user and password from the shown URL', () => {
    const credentials = Buffer.from('jo:p@ss').toString('base64');
    expect(readTopUrl('jo:p%40ss@host:1')).to.deep.equal({
      url: 'http://host:1/metrics',
      shown: 'http://host:1/metrics',
      authorization: `Basic ${credentials}`,
    });
  });

  it('rejects text that is no HTTP URL', () => {
    for (const text of ['ftp://host', 'http://', 'two words']) expect(readTopUrl(text), text).to.equal(undefined);
  });
});
