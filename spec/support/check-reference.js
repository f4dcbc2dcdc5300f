// Sees that the reference can be made without a warning: every public name is documented, and every type it speaks of is public.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const stamp = '.cache/lint/reference.sha256';

/** What the reference is made of, as one number. */
function fingerprint() {
  const hash = createHash('sha256').update(readFileSync('typedoc.json')).update(readFileSync('package-lock.json'));
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of files.sort()) hash.update(name).update(readFileSync(join('lib', name)));
  return hash.digest('hex');
}

const now = fingerprint();
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== now) {
  // The compiler has its own row in the lint.
  const { status } = spawnSync('npx', ['typedoc', '--emit', 'none', '--skipErrorChecking'], { stdio: 'inherit' });
  if (status === 0) {
    mkdirSync('.cache/lint', { recursive: true });
    writeFileSync(stamp, now);
  }
  process.exitCode = status ?? 1;
}
