import { inspect } from 'node:util';
import { expect } from 'chai';
import type { WebConfigError } from '../../../../lib/core/errors/errors.js';
import { openWebConfig, type WebConfig } from '../../../../lib/core/server/web-config/web-config.js';
import { hashOfOther, hashOfSecret, tlsLines, WebConfigFolder } from '../../../support/web-config-folder.js';

describe('openWebConfig', () => {
  let folder: WebConfigFolder;
  const problems: WebConfigError[] = [];

  beforeEach(async () => {
    problems.length = 0;
    folder = await WebConfigFolder.make('');
  });
  afterEach(() => folder.remove());

  const open = async (config: string): Promise<WebConfig> => {
    await folder.write(config);
    return openWebConfig(folder.file, { lookMilliseconds: 0, onProblem: (error) => problems.push(error) });
  };

  it('serves plain HTTP without users for an empty file', async () => {
    const { tls, users, headers } = (await open('# nothing\n')).current();
    expect(tls).to.equal(undefined);
    expect([users.size, headers.size]).to.deep.equal([0, 0]);
  });

  it('reads the files that it names, relative to its folder', async () => {
    const { tls } = (await open(`${tlsLines}  min_version: TLS13\n`)).current();
    expect(tls?.clientAuth).to.equal('NoClientCert');
    expect(tls?.context).to.include({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' });
  });

  it('applies changed users, headers and certificates', async () => {
    const config = await open(`${tlsLines}basic_auth_users:\n  alice: ${hashOfSecret}\n`);
    const first = config.current();
    expect(config.current()).to.equal(first);
    await folder.write(
      `${tlsLines}basic_auth_users:\n  bob: ${hashOfSecret}\nhttp_server_config:\n  headers:\n    X-Frame-Options: deny\n`,
    );
    const second = config.current();
    expect([...second.users.keys()]).to.deep.equal(['bob']);
    expect([...second.headers]).to.deep.equal([['X-Frame-Options', 'deny']]);
    expect(second.passwords).not.to.equal(first.passwords);
    await folder.copy('renewed-server.pem', 'server.pem');
    expect(config.current()).to.equal(second);
    await folder.copy('renewed-server-key.pem', 'server-key.pem');
    const third = config.current();
    expect(third.tls?.context.cert).not.to.deep.equal(second.tls?.context.cert);
    // Between the two copies, the key did not match the certificate.
    expect(problems.map(({ message }) => message)).to.deep.equal([
      `${folder.file}:3:13: tls_server_config.key_file (server-key.pem) is not the key of the certificate in cert_file. The previous configuration stays in use.`,
    ]);
  });

  it('does not check the files more often than configured', async () => {
    await folder.write('');
    const config = await openWebConfig(folder.file, { lookMilliseconds: 60_000 });
    await folder.write(`basic_auth_users: { alice: ${hashOfSecret} }`);
    expect(config.current().users.size).to.equal(0);
  });

  it('keeps the previous settings after an invalid change, and reports it once', async () => {
    const config = await open(`basic_auth_users: { alice: ${hashOfSecret} }\n`);
    await folder.write('basic_auth_users: { alice: hunter2 }\n');
    for (let i = 0; i < 3; i++) expect(config.current().users.get('alice')).to.equal(hashOfSecret);
    expect(problems).to.have.length(1);
    expect(inspect(problems[0])).not.to.include('hunter2');
    await folder.write(`basic_auth_users: { alice: ${hashOfOther} }\n`);
    expect(config.current().users.get('alice')).to.equal(hashOfOther);
    expect(problems).to.have.length(1);
  });

  it('keeps the previous settings while the file is missing', async () => {
    const config = await open(`basic_auth_users: { alice: ${hashOfSecret} }\n`);
    await folder.remove();
    expect(config.current().users.size).to.equal(1);
    expect(problems.map(({ message }) => message)).to.deep.equal([
      `${folder.file}: the web configuration does not exist; check the path. The previous configuration stays in use.`,
    ]);
  });

  it('reports an invalid change without a request', async () => {
    const config = await open('');
    const stop = config.follow();
    try {
      await folder.write('nonsense: true\n');
      while (problems.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(problems[0]?.message).to.match(/nonsense/);
    } finally {
      stop();
    }
  });

  it('requires a restart when TLS is added or removed', async () => {
    const config = await open(tlsLines);
    await folder.write('');
    expect(config.current().tls).not.to.equal(undefined);
    expect(problems[0]?.message).to.match(/was added or removed; restart the server/);
  });
});
