import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the certificates of the specs are; see its README. */
export const certificates = 'spec/support/certificates';

/** Their web configuration's TLS section, one line each, for more lines to follow. */
export const tlsLines = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server-key.pem\n';

/** bcrypt's of "secret", of the least cost there is. */
export const hashOfSecret = '$2b$04$ZvlAvAgnc9HUotcWzPKiXekeZXo8nwi.apASBxrcIGdWktLayqC/O';

/** bcrypt's of "other". */
export const hashOfOther = '$2b$04$6Hlz3PzVKdwS.RRe92Asn.xifHSimMyCwDK3yttCT.Gtg8x1NCkxq';

/** A folder with a web configuration and copies of the specs' certificates, which may be replaced. */
export class WebConfigFolder {
  private constructor(readonly path: string) {}

  static async make(config: string): Promise<WebConfigFolder> {
    const folder = new WebConfigFolder(await mkdtemp(join(tmpdir(), 'tinyllm-web-config-')));
    for (const name of ['server.pem', 'server-key.pem', 'authority.pem']) await folder.copy(name, name);
    await folder.write(config);
    return folder;
  }

  /** The web configuration's path. */
  get file(): string {
    return join(this.path, 'web.yml');
  }

  /** Puts another web configuration in the place of this one. */
  async write(config: string): Promise<void> {
    await this.put('web.yml', config);
  }

  /** Puts a text in the place of a file, as a whole. */
  async put(name: string, text: string): Promise<void> {
    await writeFile(join(this.path, `${name}.new`), text);
    await rename(join(this.path, `${name}.new`), join(this.path, name));
  }

  /** Puts one of the specs' certificates or keys in the place of a file. */
  async copy(from: string, to: string): Promise<void> {
    await copyFile(join(certificates, from), join(this.path, `${to}.new`));
    await rename(join(this.path, `${to}.new`), join(this.path, to));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
