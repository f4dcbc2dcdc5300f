import { hostname } from 'node:os';
import { expect } from 'chai';
import { isExpectedHost, isLoopback } from '../../../lib/core/server/expected-host.js';

describe('expected hosts', () => {
  it('include IP addresses, this machine, and names outside the public DNS', () => {
    const names = ['localhost', 'LOCALHOST:8080', 'a.localhost', 'ollama.local', 'host.docker.internal', hostname()];
    const addresses = ['127.0.0.1', '127.0.0.1:8080', '10.0.0.3:1', '[::1]', '[::1]:8080', 'localhost.:8080'];
    for (const host of [undefined, ...names, ...addresses]) expect(isExpectedHost(host), host).to.equal(true);
  });

  it('exclude public names, which anyone can point to this machine', () => {
    const others = [
      'evil.example',
      'evil.example:8080',
      'localhost.evil.example',
      '127.0.0.1.nip.io',
      'xlocalhost',
      '',
    ];
    for (const host of others) expect(isExpectedHost(host), host).to.equal(false);
  });

  it('are checked only on loopback addresses', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '::1']) expect(isLoopback(host), host).to.equal(true);
    for (const host of ['0.0.0.0', '::', '10.0.0.3', 'localhost.evil.example'])
      expect(isLoopback(host), host).to.equal(false);
  });
});
