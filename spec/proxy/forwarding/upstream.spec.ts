import { expect } from 'chai';
import { ProxySettingsError } from '../../../lib/proxy/errors/proxy-errors.js';
import { Upstream } from '../../../lib/proxy/forwarding/upstream.js';

describe('Upstream', () => {
  const named: readonly [url: string, name: string, authority: string][] = [
    ['http://127.0.0.1:11434', '127.0.0.1:11434', '127.0.0.1:11434'],
    ['http://127.0.0.1:11434/', '127.0.0.1:11434', '127.0.0.1:11434'],
    ['https://api.example.com', 'api.example.com:443', 'api.example.com'],
    ['http://box', 'box:80', 'box'],
    ['http://[::1]:8080', '[::1]:8080', '[::1]:8080'],
  ];
  for (const [url, name, authority] of named) {
    it(`uses the host and port of ${url} as its name`, () => expect(new Upstream(url)).to.include({ name, authority }));
  }

  const refused: readonly [url: string, message: RegExp][] = [
    ['127.0.0.1:11434', /"127\.0\.0\.1:11434" is not a server URL; expected a server such as http:\/\/127/],
    ['ftp://box', /is not a server URL/],
    ['http://', /is not a server URL/],
    [
      'http://127.0.0.1:8080/v1',
      /has a path; use http:\/\/127\.0\.0\.1:8080, because the proxy forwards paths unchanged\.$/,
    ],
    ['http://box?x=1', /has a query or fragment; use http:\/\/box, because clients send their own queries\.$/],
    [
      'http://jo:secret@box:1',
      /^The upstream box:1 has a user or password in its URL; remove it\. Clients can send their own key/,
    ],
    ['ftp://jo:secret@box', /^The upstream "ftp:\/\/\*\*\*@box" is not a server URL/],
  ];
  for (const [url, message] of refused) {
    it(`rejects ${url}`, () => expect(() => new Upstream(url)).to.throw(ProxySettingsError, message));
  }
});
