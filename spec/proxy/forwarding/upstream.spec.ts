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
    it(`names ${url}`, () => expect(new Upstream(url)).to.include({ name, authority }));
  }

  const refused: readonly [url: string, message: RegExp][] = [
    ['127.0.0.1:11434', /"127\.0\.0\.1:11434" is no URL of a server; expected a server such as http:\/\/127/],
    ['ftp://box', /is no URL of a server/],
    ['http://', /is no URL of a server/],
    ['http://127.0.0.1:8080/v1', /has a path; give http:\/\/127\.0\.0\.1:8080, since paths pass unchanged\.$/],
    ['http://box?x=1', /has a query or fragment; give http:\/\/box, since clients send their own queries\.$/],
    ['http://jo:secret@box:1', /^The upstream box:1 has a user or password in its URL; remove it, since/],
    ['ftp://jo:secret@box', /^The upstream "ftp:\/\/\*\*\*@box" is no URL/],
  ];
  for (const [url, message] of refused) {
    it(`refuses ${url}`, () => expect(() => new Upstream(url)).to.throw(ProxySettingsError, message));
  }
});
