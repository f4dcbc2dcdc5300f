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
 * Writes metrics to a file for node_exporter's textfile collector, which reads all `*.prom` files in a folder.
 *
 * The textfile collector reads only text 0.0.4, so the file contains the classic buckets of native histograms.
 *
 * The file is replaced atomically, so readers never see a partial file.
 * Source: https://github.com/prometheus/node_exporter#textfile-collector
 *
 * @throws {MetricsDeliveryError} if the file cannot be written or its name does not end in `.prom`.
 */
export async function writeMetricsFile(file: string, registry: SharedRegistry = sharedRegistry): Promise<void> {
  if (typeof file !== 'string' || !file.endsWith(metricsFileSuffix)) {
    throw new MetricsDeliveryError(
      String(file),
      `${JSON.stringify(file)} does not end in ${metricsFileSuffix}; expected a name with this suffix, because node_exporter reads no other files.`,
    );
  }
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  const text = await renderText(registry);
  await attempt(file, () => replaceFile(file, { temporary, text }));
}

/**
 * Checks whether {@link writeMetricsFile} could write to a path, without changing the file. Does not check the suffix.
 * Use it before a long operation.
 *
 * @throws {MetricsDeliveryError} if the folder does not exist or is not writable, or if the path is a folder.
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
