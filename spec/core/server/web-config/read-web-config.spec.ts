import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

  /** `▸` marks the place that the error must name. */
  const invalidConfigs: readonly [what: string, config: string, message: RegExp][] = [
    ['a text instead of a map', '▸hunter2', /the web configuration is a text; expected a map/],
    ['text that is not valid YAML', 'a: "▸\\hunter2"', /not valid YAML \(BAD_DQ_ESCAPE\)/],
    ['a line without a colon', '▸hunter2\nbasic_auth_users: {}', /not valid YAML: a colon is missing on this line/],
    ['a second document', '{}\n▸--- {}', /expected one web configuration per file/],
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
    ['an empty path', `${tls}cert_file: ▸""\n  key_file: k`, /cert_file is an empty text; expected the path of a file/],
    ['a certificate in the file', `${tls}▸cert: x`, /cert is not supported; write the certificate to a file/],
    ['a key in the file', `${tls}▸key: hunter2`, /key is not supported; write the key to a file that only this user/],
    ['authorities in the file', `${tls}▸client_ca: x`, /client_ca is not supported/],
    ['allowed names', `${tls}${files}▸client_allowed_sans: [a]`, /client_allowed_sans is not supported/],
    ['curves', `${tls}${files}▸curve_preferences: [X25519]`, /curve_preferences is not supported/],
    ['a rate limit', '▸rate_limit: { burst: 1 }', /rate_limit is not supported/],
    ['TLS 1.0', `${tls}${files}min_version: ▸TLS10`, /TLS10 is not supported, because .*expected TLS12 or TLS13/],
    ['TLS 1.1', `${tls}${files}max_version: ▸TLS11`, /max_version: TLS11 is not supported/],
    ['an unknown version', `${tls}${files}min_version: ▸TLS14`, /min_version is "TLS14"; expected TLS12 or TLS13/],
    [
      'a min_version above max_version',
      `${tls}${files}min_version: ▸TLS13\n  max_version: TLS12`,
      /min_version is TLS13, which is above max_version TLS12; expected TLS12 or lower/,
    ],
    [
      'an unknown client authentication',
      `${tls}${files}client_auth_type: ▸Always`,
      /client_auth_type is "Always"; expected NoClientCert or/,
    ],
    [
      'verification without authorities',
      `${tls}${files}client_auth_type: ▸RequireAndVerifyClientCert`,
      /client_auth_type is RequireAndVerifyClientCert, but client_ca_file is missing; add client_ca_file/,
    ],
    [
      'optional verification without authorities',
      `${tls}${files}client_auth_type: ▸VerifyClientCertIfGiven`,
      /but client_ca_file is missing; add client_ca_file/,
    ],
    [
      'authorities without verification',
      `${tls}${files}client_ca_file: ▸authority.pem`,
      /client_auth_type does not request certificates; set client_auth_type to RequireAndVerifyClientCert\.$/,
    ],
    [
      'an unsafe cipher suite',
      `${tls}${files}cipher_suites: [▸TLS_RSA_WITH_RC4_128_SHA]`,
      /cipher_suites\[0\] is "TLS_RSA_WITH_RC4/,
    ],
    [
      'a missing file',
      `${tls}cert_file: ▸none.pem\n  key_file: k`,
      /cert_file \(none\.pem\) does not exist; check the path/,
    ],
    ['a folder', `${tls}cert_file: ▸.\n  key_file: k`, /cert_file \(\.\) is not a regular file/],
    [
      'an empty certificate',
      `${tls}cert_file: ▸empty\n  key_file: server-key.pem`,
      /contains no certificate; expected one in PEM/,
    ],
    [
      'a key instead of a certificate',
      `${tls}cert_file: ▸server-key.pem\n  key_file: server-key.pem`,
      /contains no certificate/,
    ],
    [
      'a certificate instead of a key',
      `${tls}cert_file: server.pem\n  key_file: ▸server.pem`,
      /key_file \(server\.pem\) contains no private key/,
    ],
    ['a key with a passphrase', `${tls}cert_file: server.pem\n  key_file: ▸locked-key.pem`, /without a passphrase/],
    [
      'a key of another certificate',
      `${tls}cert_file: server.pem\n  key_file: ▸renewed-server-key.pem`,
      /is not the key of the certificate in cert_file/,
    ],
    [
      'authorities without a certificate',
      `${tls}${files}client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ▸empty`,
      /client_ca_file \(empty\) contains no certificate/,
    ],
    ['HTTP/2', 'http_server_config:\n  http2: ▸true', /http2: true is not supported; write false/],
    ['an invalid value for HTTP/2', 'http_server_config:\n  http2: ▸maybe', /http2 is "maybe"; expected false/],
    ['headers that are not a map', 'http_server_config:\n  headers: ▸hunter2', /headers is not a map/],
    [
      'an unsupported header',
      `${header}▸X-Frame-Option: deny`,
      /"X-Frame-Option" cannot be set.*Did you mean "X-Frame-Options"\?/,
    ],
    [
      'an unsupported value of a header',
      `${header}X-Frame-Options: ▸hunter2`,
      /X-Frame-Options has an unsupported value; expected deny or sameorigin/,
    ],
    [
      'a header with two lines',
      `${header}Content-Security-Policy: ▸"a\\nSet-Cookie: hunter2"`,
      /expected one line of text/,
    ],
    ['users that are not a map', 'basic_auth_users: ▸hunter2', /basic_auth_users is not a map/],
    ['no users', '▸basic_auth_users: {}', /is an empty map; add a user, or remove the key/],
    [
      'a password instead of a hash',
      `${user}alice: ▸hunter2`,
      /"alice" has no valid bcrypt hash; expected 60 char.*not the password itself.*htpasswd -nBC 10 alice.*bcryptjs/,
    ],
    ['a number instead of a hash', `${user}alice: ▸12345678`, /"alice" has no valid bcrypt hash/],
    [
      'a hash with an unknown prefix',
      `${user}alice: ▸$2x$${hashOfSecret.slice(4)}`,
      /"alice" has no valid bcrypt hash/,
    ],
    ['an incomplete hash', `${user}alice: ▸${hashOfSecret.slice(0, 59)}`, /"alice" has no valid bcrypt hash/],
    [
      'a hash with a too high cost',
      `${user}alice: ▸${hashOfSecret.replace('$04$', '$17$')}`,
      /of cost 17; expected a cost from 4 to 16/,
    ],
    [
      'a hash with a too low cost',
      `${user}alice: ▸${hashOfSecret.replace('$04$', '$03$')}`,
      /of cost 3; expected a cost/,
    ],
    ['a user with a colon', `${user}▸"a:b": x`, /"a:b" is not a valid user name; expected a name without a colon/],
  ];
  for (const [what, marked, message] of invalidConfigs) {
    it(`rejects ${what}`, async () => {
      const before = marked.slice(0, marked.indexOf('▸')).split('\n');
      const error = await read(marked.replace('▸', '')).catch((thrown: unknown) => thrown);
      if (!(error instanceof WebConfigError)) throw new Error(`not rejected: ${inspect(error)}`);
      expect(error.message).to.match(message);
      expect(`${error.line}:${error.column}`, error.message).to.equal(
        `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`,
      );
      expect(error.message.startsWith(`${folder.file}:${error.line}:`)).to.equal(true);
      for (const secret of ['hunter2', '12345678', hashOfSecret.slice(7)])
        expect(inspect(error)).not.to.include(secret);
    });
  }

  it('rejects a file that is missing, not a regular file, too large, or not UTF-8', async () => {
    const messageOf = (file: string) => {
      try {
        return readWebConfig(file, new WatchedFiles());
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(messageOf(`${folder.path}/none.yml`)).to.equal(
      `${folder.path}/none.yml: the web configuration does not exist; check the path.`,
    );
    expect(messageOf(folder.path)).to.equal(
      `${folder.path}: the web configuration is not a regular file; choose a regular file.`,
    );
    expect(messageOf(process.execPath)).to.match(/is larger than 1 MiB\.$/);
    const binary = join(folder.path, 'binary.yml');
    await writeFile(binary, Uint8Array.of(0xff, 0xfe, 0));
    expect(messageOf(binary)).to.equal(`${binary}: the web configuration is not UTF-8 text; expected YAML in UTF-8.`);
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
