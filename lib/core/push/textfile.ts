import { randomUUID } from 'node:crypto';
import { access, constants, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MetricsDeliveryError } from '../errors/errors.js';
import { replaceFile } from '../files/replace-file.js';
import { unwritable } from '../files/unwritable.js';
import { type SharedRegistry, registry as sharedRegistry } from '../metrics/shared-registry.js';
import { renderText } from '../server/render.js';
import { metricsFileSuffix } from './metrics-file-suffix.js';

/**
 * Writes metrics to a file for node_exporter's textfile collector, which reads every `*.prom` of a folder.
 *
 * The file is replaced as a whole: a reader sees the old or the new, never a part.
 * Source: https://github.com/prometheus/node_exporter#textfile-collector
 *
 * @throws {MetricsDeliveryError} when it cannot be written, or its name does not end in `.prom`.
 */
export async function writeMetricsFile(file: string, registry: SharedRegistry = sharedRegistry): Promise<void> {
  if (typeof file !== 'string' || !file.endsWith(metricsFileSuffix)) {
    throw new MetricsDeliveryError(
      String(file),
      `${JSON.stringify(file)} does not end in ${metricsFileSuffix}; expected a name that does, since node_exporter reads no other files.`,
    );
  }
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  const text = await renderText(registry);
  await attempt(file, () => replaceFile(file, { temporary, text }));
}

/**
 * Looks whether a file could be written by {@link writeMetricsFile}, without touching it, before there is a result to lose.
 *
 * @throws {MetricsDeliveryError} when its folder does not exist or may not be written to, or it is a folder itself.
 */
export async function checkMetricsFile(file: string): Promise<void> {
  await attempt(file, async () => {
    const folder = dirname(file);
    if (!(await stat(folder)).isDirectory()) throw failure('ENOTDIR');
    await access(folder, constants.W_OK);
    const found = await stat(file).catch(() => undefined);
    if (found?.isDirectory()) throw failure('EISDIR');
  });
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

async function attempt(file: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (cause) {
    throw new MetricsDeliveryError(file, `The metrics cannot be written to ${file}: ${unwritable(file, cause)}.`, {
      cause,
    });
  }
}
