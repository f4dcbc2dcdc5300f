import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder with the certificates of the specs. See its README. */
export const certificates = 'spec/support/certificates';

/** The TLS section of a web configuration with these certificates. */
export const tlsLines = 'tls_server_config:\n  cert_file: server.pem\n  key_file: server-key.pem\n';

/** The bcrypt hash of "secret", with the lowest cost. */
export const hashOfSecret = '$2b$04$ZvlAvAgnc9HUotcWzPKiXekeZXo8nwi.apASBxrcIGdWktLayqC/O';

/** The bcrypt hash of "other". */
export const hashOfOther = '$2b$04$6Hlz3PzVKdwS.RRe92Asn.xifHSimMyCwDK3yttCT.Gtg8x1NCkxq';

/** A folder with a web configuration and copies of the specs' certificates. Specs may replace the files. */
export class WebConfigFolder {
  private constructor(readonly path: string) {}

  static async make(config: string): Promise<WebConfigFolder> {
    const folder = new WebConfigFolder(await mkdtemp(join(tmpdir(), 'tinyllm-web-config-')));
    for (const name of ['server.pem', 'server-key.pem', 'authority.pem']) await folder.copy(name, name);
    await folder.write(config);
    return folder;
  }

  /** The path of the web configuration. */
  get file(): string {
    return join(this.path, 'web.yml');
  }

  /** Replaces the web configuration atomically. */
  async write(config: string): Promise<void> {
    await this.put('web.yml', config);
  }

  /** Replaces a file with this text atomically. */
  async put(name: string, text: string): Promise<void> {
    await writeFile(join(this.path, `${name}.new`), text);
    await rename(join(this.path, `${name}.new`), join(this.path, name));
  }

  /** Replaces a file with one of the specs' certificates or keys atomically. */
  async copy(from: string, to: string): Promise<void> {
    await copyFile(join(certificates, from), join(this.path, `${to}.new`));
    await rename(join(this.path, `${to}.new`), join(this.path, to));
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
