import { inspect } from 'node:util';
import { expect } from 'chai';
import { WebConfigError } from '../../../../lib/core/errors/errors.js';
import { WatchedFiles } from '../../../../lib/core/files/watched-files.js';
import { readWebConfig } from '../../../../lib/core/server/web-config/read-web-config.js';
import { hashOfSecret, tlsLines, WebConfigFolder } from '../../../support/web-config-folder.js';

describe('readWebConfig', () => {
  let folder: WebConfigFolder;
  before(async () => {
    folder = await WebConfigFolder.make('');
    for (const name of ['locked-key.pem', 'renewed-server-key.pem']) await folder.copy(name, name);
    await folder.put('empty', '');
  });
  after(() => folder.remove());

  const read = async (config: string) => {
    await folder.write(config);
    return readWebConfig(folder.file, new WatchedFiles());
  };

  const tls = 'tls_server_config:\n  ';
  const files = 'cert_file: server.pem\n  key_file: server-key.pem\n  ';
  const header = 'http_server_config:\n  headers:\n    ';
  const user = 'basic_auth_users:\n  ';

  /** `▸` marks the place the refusal must name. */
  const refusals: readonly [what: string, config: string, message: RegExp][] = [
    ['a text that is no map', '▸hunter2', /the web configuration is a text; expected a map/],
    ['what is no YAML', 'a: "▸\\hunter2"', /not valid YAML \(BAD_DQ_ESCAPE\)/],
    ['a line without a colon', '▸hunter2\nbasic_auth_users: {}', /not valid YAML: no colon follows on this line/],
    ['a second document', '{}\n▸--- {}', /expected one web configuration a file/],
    [
      'an unknown section',
      '▸tls_server_confg: {}',
      /unknown key "tls_server_confg"; expected .*Did you mean "tls_server_config"\?/,
    ],
    ['an empty section', '▸tls_server_config:', /tls_server_config is empty; expected a map/],
    ['an unknown key', `${tls}${files}▸cert_flie: x`, /unknown key "cert_flie".*Did you mean "cert_file"\?/],
    [
      'a certificate without a key',
      '▸tls_server_config:\n  cert_file: server.pem',
      /key_file is missing; expected a text/,
    ],
    ['a key without a certificate', '▸tls_server_config:\n  key_file: server-key.pem', /cert_file is missing/],
    ['an empty path', `${tls}cert_file: ▸""\n  key_file: k`, /cert_file is a text; expected the path of a file/],
    ['a certificate in the file', `${tls}▸cert: x`, /cert is not supported; write the certificate to a file/],
    ['a key in the file', `${tls}▸key: hunter2`, /key is not supported; write the key to a file that only this user/],
    ['authorities in the file', `${tls}▸client_ca: x`, /client_ca is not supported/],
    ['allowed names', `${tls}${files}▸client_allowed_sans: [a]`, /client_allowed_sans is not supported/],
    ['curves', `${tls}${files}▸curve_preferences: [X25519]`, /curve_preferences is not supported/],
    ['a rate limit', '▸rate_limit: { burst: 1 }', /rate_limit is not supported/],
    [
      'TLS 1.0',
      `${tls}${files}min_version: ▸TLS10`,
      /TLS10 is not supported: Node refuses it.*expected TLS12 or TLS13/,
    ],
    ['TLS 1.1', `${tls}${files}max_version: ▸TLS11`, /max_version: TLS11 is not supported/],
    ['another version', `${tls}${files}min_version: ▸TLS14`, /min_version is "TLS14"; expected TLS12 or TLS13/],
    [
      'versions the wrong way round',
      `${tls}${files}min_version: ▸TLS13\n  max_version: TLS12`,
      /min_version is TLS13, above max_version TLS12/,
    ],
    [
      'another client authentication',
      `${tls}${files}client_auth_type: ▸Always`,
      /client_auth_type is "Always"; expected NoClientCert or/,
    ],
    [
      'verifying without authorities',
      `${tls}${files}client_auth_type: ▸RequireAndVerifyClientCert`,
      /client_auth_type is RequireAndVerifyClientCert; expected a client_ca_file/,
    ],
    [
      'verifying what is given without authorities',
      `${tls}${files}client_auth_type: ▸VerifyClientCertIfGiven`,
      /expected a client_ca_file/,
    ],
    [
      'authorities that verify nobody',
      `${tls}${files}client_ca_file: ▸authority.pem`,
      /client_ca_file is given, but no client_auth_type/,
    ],
    [
      'a suite that is no good',
      `${tls}${files}cipher_suites: [▸TLS_RSA_WITH_RC4_128_SHA]`,
      /cipher_suites\[0\] is "TLS_RSA_WITH_RC4/,
    ],
    [
      'a file that is missing',
      `${tls}cert_file: ▸none.pem\n  key_file: k`,
      /cert_file \(none\.pem\) does not exist; check the path/,
    ],
    ['a folder', `${tls}cert_file: ▸.\n  key_file: k`, /cert_file \(\.\) is not a regular file/],
    [
      'an empty certificate',
      `${tls}cert_file: ▸empty\n  key_file: server-key.pem`,
      /holds no certificate; expected one in PEM/,
    ],
    ['a key for a certificate', `${tls}cert_file: ▸server-key.pem\n  key_file: server-key.pem`, /holds no certificate/],
    [
      'a certificate for a key',
      `${tls}cert_file: server.pem\n  key_file: ▸server.pem`,
      /key_file \(server\.pem\) holds no private key/,
    ],
    ['a key behind a passphrase', `${tls}cert_file: server.pem\n  key_file: ▸locked-key.pem`, /without a passphrase/],
    [
      "another certificate's key",
      `${tls}cert_file: server.pem\n  key_file: ▸renewed-server-key.pem`,
      /is not the key of the certificate in cert_file/,
    ],
    [
      'authorities that are none',
      `${tls}${files}client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ▸empty`,
      /client_ca_file \(empty\) holds no certificate/,
    ],
    ['HTTP/2', 'http_server_config:\n  http2: ▸true', /http2: true is not supported; write false/],
    ['another word for HTTP/2', 'http_server_config:\n  http2: ▸maybe', /http2 is "maybe"; expected false/],
    ['headers that are no map', 'http_server_config:\n  headers: ▸hunter2', /headers is no map/],
    [
      'another header',
      `${header}▸X-Frame-Option: deny`,
      /"X-Frame-Option" cannot be set.*Did you mean "X-Frame-Options"\?/,
    ],
    [
      'another value of a header',
      `${header}X-Frame-Options: ▸hunter2`,
      /X-Frame-Options has another value; expected deny or sameorigin/,
    ],
    [
      'a header of two lines',
      `${header}Content-Security-Policy: ▸"a\\nSet-Cookie: hunter2"`,
      /expected one line of text/,
    ],
    ['users that are no map', 'basic_auth_users: ▸hunter2', /basic_auth_users is no map/],
    ['no users', '▸basic_auth_users: {}', /is an empty map; expected a user, or leave it out/],
    [
      'a password for a hash',
      `${user}alice: ▸hunter2`,
      /"alice" has no bcrypt hash; expected not the password itself, but 60 char.*htpasswd -nBC 10 alice.*bcryptjs/,
    ],
    ['a number for a hash', `${user}alice: ▸12345678`, /"alice" has no bcrypt hash/],
    ['a hash of another kind', `${user}alice: ▸$2x$${hashOfSecret.slice(4)}`, /"alice" has no bcrypt hash/],
    ['a hash that is cut', `${user}alice: ▸${hashOfSecret.slice(0, 59)}`, /"alice" has no bcrypt hash/],
    [
      'a hash that costs too much',
      `${user}alice: ▸${hashOfSecret.replace('$04$', '$17$')}`,
      /of cost 17; expected a cost from 4 to 16/,
    ],
    [
      'a hash that costs too little',
      `${user}alice: ▸${hashOfSecret.replace('$04$', '$03$')}`,
      /of cost 3; expected a cost/,
    ],
    ['a user with a colon', `${user}▸"a:b": x`, /"a:b" is no user name; expected one without a colon/],
  ];
  for (const [what, marked, message] of refusals) {
    it(`refuses ${what}`, async () => {
      const before = marked.slice(0, marked.indexOf('▸')).split('\n');
      const error = await read(marked.replace('▸', '')).catch((thrown: unknown) => thrown);
      if (!(error instanceof WebConfigError)) throw new Error(`not refused: ${inspect(error)}`);
      expect(error.message).to.match(message);
      expect(`${error.line}:${error.column}`, error.message).to.equal(
        `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`,
      );
      expect(error.message.startsWith(`${folder.file}:${error.line}:`)).to.equal(true);
      for (const secret of ['hunter2', '12345678', hashOfSecret.slice(7)])
        expect(inspect(error)).not.to.include(secret);
    });
  }

  it('refuses a file that is missing, no file or no text', async () => {
    const refusal = (file: string) => {
      try {
        return readWebConfig(file, new WatchedFiles());
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusal(`${folder.path}/none.yml`)).to.equal(
      `${folder.path}/none.yml: the web configuration does not exist; check the path.`,
    );
    expect(refusal(folder.path)).to.equal(
      `${folder.path}: the web configuration is not a regular file; name one that is.`,
    );
    expect(refusal(process.execPath)).to.match(/is larger than 1 MiB\.$/);
  });

  it('reads everything that is supported', async () => {
    const settings = await read(
      [
        `${tlsLines}  client_auth_type: RequireAndVerifyClientCert`,
        '  client_ca_file: authority.pem',
        '  min_version: TLS12',
        '  max_version: TLS12',
        '  prefer_server_cipher_suites: false',
        '  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]',
        'http_server_config:',
        '  http2: false',
        '  headers:',
        '    Strict-Transport-Security: max-age=31536000',
        '    X-Content-Type-Options: nosniff',
        '    X-Frame-Options: ""',
        '    X-XSS-Protection:',
        'basic_auth_users:',
        `  alice: ${hashOfSecret}`,
        `  bob: ${hashOfSecret.replace('$2b', '$2y')}`,
        '',
      ].join('\n'),
    );
    expect(settings.tls?.clientAuth).to.equal('RequireAndVerifyClientCert');
    expect(settings.tls?.context).to.include({ maxVersion: 'TLSv1.2', honorCipherOrder: false });
    expect(settings.tls?.context.ciphers).to.match(/:ECDHE-ECDSA-AES128-GCM-SHA256$/);
    expect([...settings.headers]).to.deep.equal([
      ['Strict-Transport-Security', 'max-age=31536000'],
      ['X-Content-Type-Options', 'nosniff'],
    ]);
    expect([...settings.users.keys()]).to.deep.equal(['alice', 'bob']);
  });
});
