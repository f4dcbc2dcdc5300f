import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from 'mocha';

/** The versions of Node that the package is for; those that do not run the specs come by `.ci/fetch-nodes`. */
export const nodeVersions = ['20', '22', '24', '26'] as const;

const [own] = process.versions.node.split('.');

/** The program of a version of Node. Skips a spec without it; with `TINYLLM_E2E=required` it throws instead. */
export function needNode(context: Context, version: string): string {
  if (version === own) return process.execPath;
  const platform = `node-${process.platform}-${process.arch}`;
  const program = resolve(`.cache/nodes/${version}/node_modules/${platform}/bin/node`);
  try {
    accessSync(program, constants.X_OK);
    return program;
  } catch {
    if (process.env.TINYLLM_E2E === 'required')
      throw new Error(`end-to-end specs need Node ${version}: .ci/fetch-nodes`);
    return context.skip();
  }
}
