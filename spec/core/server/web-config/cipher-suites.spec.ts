import { createSecureContext } from 'node:tls';
import { expect } from 'chai';
import { cipherSuiteNames, toNodeCiphers } from '../../../../lib/core/server/web-config/cipher-suites.js';

describe('cipher suites', () => {
  it('are all supported by Node', () => {
    for (const name of cipherSuiteNames) createSecureContext({ ciphers: toNodeCiphers([name]) });
    expect(cipherSuiteNames).to.include('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256');
  });

  it('keep all suites of TLS 1.3 if only suites of TLS 1.2 are listed', () => {
    expect(toNodeCiphers(['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'])).to.equal(
      'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256',
    );
  });

  it('restrict TLS 1.3 if suites of TLS 1.3 are listed', () => {
    expect(toNodeCiphers(['TLS_AES_128_GCM_SHA256'])).to.equal('TLS_AES_128_GCM_SHA256');
  });
});
