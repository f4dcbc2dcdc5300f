import { type Finding, failed, ok } from './finding.js';

/** The oldest supported version of Node. A test compares it with package.json. */
export const oldestNode = '20.19.0';

/** Checks that the version of Node is supported. */
export function checkNode(version: string = process.versions.node): Finding {
  if (compare(version, oldestNode) >= 0) return ok('node', version);
  return failed(
    'node',
    `${version} is not supported; the minimum is ${oldestNode}`,
    'install a newer version from https://nodejs.org',
  );
}

function compare(version: string, other: string): number {
  const [parts, others] = [version, other].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  const at = parts?.findIndex((part, index) => part !== others?.[index]) ?? -1;
  return at < 0 ? 0 : (parts?.[at] ?? 0) - (others?.[at] ?? 0);
}
