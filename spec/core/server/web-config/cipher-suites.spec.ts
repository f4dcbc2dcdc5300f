import { createSecureContext } from 'node:tls';
import { expect } from 'chai';
import { cipherSuiteNames, toNodeCiphers } from '../../../../lib/core/server/web-config/cipher-suites.js';

describe('cipher suites', () => {
  it('are all known to Node', () => {
    for (const name of cipherSuiteNames) createSecureContext({ ciphers: toNodeCiphers([name]) });
    expect(cipherSuiteNames).to.include('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256');
  });

  it('leave TLS 1.3 as it is when they are of TLS 1.2', () => {
    expect(toNodeCiphers(['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'])).to.equal(
      'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256',
    );
  });

  it('narrow TLS 1.3 when they are of TLS 1.3', () => {
    expect(toNodeCiphers(['TLS_AES_128_GCM_SHA256'])).to.equal('TLS_AES_128_GCM_SHA256');
  });
});
