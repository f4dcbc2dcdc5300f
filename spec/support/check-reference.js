// Checks that TypeDoc generates the reference without a warning. So every public symbol is documented, and every type
// in its signature is public.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const stamp = '.cache/lint/reference.sha256';

/** A hash of all inputs of the reference. */
function fingerprint() {
  const hash = createHash('sha256').update(readFileSync('typedoc.json')).update(readFileSync('package-lock.json'));
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of files.sort()) hash.update(name).update(readFileSync(join('lib', name)));
  return hash.digest('hex');
}

const now = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== now) {
  // `npm run lint` runs the compiler separately.
  const { status } = spawnSync('npx', ['typedoc', '--emit', 'none', '--skipErrorChecking'], { stdio: 'inherit' });
  if (status === 0) {
    mkdirSync('.cache/lint', { recursive: true });
    writeFileSync(stamp, now);
  }
  process.exitCode = status ?? 1;
}
