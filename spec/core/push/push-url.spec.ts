import { expect } from 'chai';
import { readPushUrl } from '../../../lib/core/push/push-url.js';

describe('readPushUrl', () => {
  const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

  const valid: readonly (readonly [url: string, base: string, authorization: string | undefined])[] = [
    ['http://127.0.0.1:9091', 'http://127.0.0.1:9091', undefined],
    ['https://h/gateway//', 'https://h/gateway', undefined],
    ['http://me:p%40ss@h:1234', 'http://h:1234', basic('me:p@ss')],
    ['http://me@h', 'http://h', basic('me:')],
    ['http://me:100%@h', 'http://h', basic('me:100%')],
    ['http://me:p@ss@h', 'http://h', basic('me:p@ss')],
  ];
  for (const [url, base, authorization] of valid) {
    it(`accepts ${url}`, () => {
      expect(readPushUrl(url)).to.deep.equal({ base, authorization });
    });
  }

  it('rejects a text that is not an HTTP URL, with an example of one', () => {
    for (const text of ['', 'foo', 'localhost:9091', 'ftp://h', 'http://', 'http://h:65536']) {
      expect(readPushUrl(text)).to.deep.equal({ shown: text, expected: 'a URL such as http://127.0.0.1:9091' });
    }
  });

  it('rejects a query and a fragment, which requests would omit', () => {
    for (const text of ['http://h/?token=1', 'http://h/#a', 'http://me:12#34@h']) {
      expect(readPushUrl(text)).to.have.property('expected').that.contains('without ? and #');
    }
  });

  it('rejects the URL of a metrics endpoint and the full path of a push', () => {
    for (const path of ['/metrics', '/metrics/', '/gateway/metrics', '/metrics/job/a/instance/b', '/metrics///']) {
      const { shown, expected } = Object(readPushUrl(`http://me:hunter2@h${path}`));
      expect(shown).to.equal(`http://***@h${path}`);
      expect(expected).to.contain('without /metrics and anything after it');
    }
    expect(readPushUrl('http://h/metrics-gateway')).to.have.property('base', 'http://h/metrics-gateway');
  });

  it('never shows a password', () => {
    const texts = ['me:hunter2@h:1', 'ftp://me:hunter2@h', 'http://me:hunter/2@h:1', 'http://me:1#hunter@h'];
    for (const text of texts) {
      const { shown, expected } = Object(readPushUrl(text));
      expect(`${shown} ${expected}`, text).not.to.contain('hunter').and.not.to.contain('me');
    }
    expect(readPushUrl('http://me:hunter/2@h:1'))
      .to.have.property('expected')
      .that.contains('; percent-encode the characters / ? # @ and % in a password');
  });
});
