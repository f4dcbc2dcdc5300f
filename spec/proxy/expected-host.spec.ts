import { hostname } from 'node:os';
import { expect } from 'chai';
import { isExpectedHost, isLoopback } from '../../lib/proxy/expected-host.js';

describe('isExpectedHost', () => {
  const own = [
    '127.0.0.1',
    '127.0.0.1:11435',
    '[::1]:80',
    '10.0.0.7:1',
    'localhost',
    'LOCALHOST:1',
    'a.localhost.',
    hostname(),
  ];
  for (const host of [...own, 'box.local:1', 'host.docker.internal:11435', undefined]) {
    it(`takes ${host} for this machine`, () => expect(isExpectedHost(host)).to.equal(true));
  }
  for (const host of [
    'evil.example',
    'localhost.evil.example:1',
    'notlocalhost',
    '127.0.0.1.nip.io',
    '',
    ':80',
    '[::1',
    'a@127.0.0.1',
  ]) {
    it(`takes ${JSON.stringify(host)} for another`, () => expect(isExpectedHost(host)).to.equal(false));
  }
});

describe('isLoopback', () => {
  it('knows the addresses of this machine alone', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].every(isLoopback)).to.equal(true);
    expect(['0.0.0.0', '::', '10.0.0.1', 'example.com'].some(isLoopback)).to.equal(false);
  });
});
