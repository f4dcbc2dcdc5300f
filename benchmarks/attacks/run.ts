import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { AttackResult } from './attack.js';
import { attackReport, isMet } from './attack-report.js';
import { attacks } from './attacks.js';

const { values } = parseArgs({ options: { only: { type: 'string' } } });
const { only } = values;
const chosen = attacks.filter(({ target, name }) => only === undefined || `${target} ${name}`.includes(only));
if (chosen.length === 0) {
  throw new Error(`--only got ${JSON.stringify(only)}; expected a part of a target or name, such as hub.`);
}

const results: AttackResult[] = [];
for (const [index, attack] of chosen.entries()) {
  process.stderr.write(`${index + 1}/${chosen.length} ${attack.target}: ${attack.name} … `);
  const measured = await attack.run().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)} `);
    return Number.NaN;
  });
  const result = { attack, measured };
  results.push(result);
  process.stderr.write(`${measured.toFixed(1)} ${attack.unit}, ${isMet(result) ? 'met' : 'MISSED'}\n`);
}

const text = attackReport(results);
process.stdout.write(text);
if (only === undefined) {
  const file = fileURLToPath(new URL('../../../ATTACKS.md', import.meta.url));
  writeFileSync(file, text);
  execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'ignore' });
}
process.exitCode = results.every(isMet) ? 0 : 1;
