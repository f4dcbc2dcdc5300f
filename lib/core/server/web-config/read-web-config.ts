import { WebConfigError } from '../../errors/errors.js';
import type { WatchedFiles } from '../../files/watched-files.js';
import type { Problem } from '../../yaml/problem.js';
import { type YamlKind, YamlSource } from '../../yaml/yaml-source.js';
import { readHeaders } from './check-headers.js';
import { readUsers } from './check-users.js';
import { readTls } from './tls-settings.js';
import { unsupportedIn } from './unsupported.js';
import { readSections } from './web-config-schema.js';
import type { WebSettings } from './web-settings.js';

const kind: YamlKind = { noun: 'web configuration', refusal: WebConfigError, secret: true };

/**
 * Reads a web configuration in the format of Prometheus' exporter-toolkit, and the files that it names.
 *
 * @throws {WebConfigError} for the first problem, with its line and column.
 */
export function readWebConfig(file: string, files: WatchedFiles): WebSettings {
  const source = new YamlSource(readText(file, files), kind, file);
  const document = source.value ?? {};
  const fail = (problem: Problem): never => {
    throw source.error(problem);
  };
  const problem = unsupportedIn(document);
  if (problem !== undefined) fail(problem);
  const sections = readSections(document);
  if ('message' in sections) return fail(sections);
  const headers = readHeaders(sections.headers);
  const users = readUsers(sections.users);
  const tls = sections.tls === undefined ? undefined : readTls(sections.tls, file, files);
  if ('message' in headers) return fail(headers);
  if ('message' in users) return fail(users);
  if (tls !== undefined && 'message' in tls) return fail(tls);
  return { tls, headers, users };
}

function readText(file: string, files: WatchedFiles): string {
  let bytes: Buffer;
  try {
    bytes = files.read(file);
  } catch (cause) {
    throw new WebConfigError(`the web configuration ${(cause as Error).message}.`, { file });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new WebConfigError('the web configuration is not UTF-8 text; expected YAML in UTF-8.', { file });
  }
}
