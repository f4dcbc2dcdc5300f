import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureProxies, memoryOver } from './measure-proxies.js';
import { startNginx } from './nginx.js';
import { proxyReport, targetsMissed } from './proxy-report.js';
import { type Subject, startModule, startTinyllm } from './subjects.js';

// `npm run bench:proxy` writes PROXY.md; with `--quick` it checks that everything runs, and writes nothing.
const { values: flags } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const effort = flags.quick
  ? { rounds: 3, exchanges: 100, streams: [64, 512], streamRounds: 1, streamsEach: 1 }
  : { rounds: 25, exchanges: 200, streams: [64, 512], streamRounds: 7, streamsEach: 2 };
const exchanges = flags.quick ? 2_000 : 100_000;

const upstream = await startModule('the upstream itself', './upstream.js');
const port = String(upstream.port);
const nginx = await startNginx(upstream.port);
const subjects: Subject[] = [
  upstream,
  await startModule('bare pass-through, `node:http`', './bare-http.js', [port]),
  await startModule('bare pass-through, `undici`', './bare-undici.js', [port]),
  await startTinyllm(upstream.port),
  ...(nginx === undefined ? [] : [nginx]),
];
try {
  const measurements = await measureProxies(subjects, effort);
  const tinyllm = subjects[3]!;
  const memory = await memoryOver(tinyllm, exchanges);
  const names = subjects.map(({ name }) => name);
  const text = proxyReport({ names, measurements, memory, exchanges });
  process.stdout.write(text);
  if (!flags.quick) {
    const file = fileURLToPath(new URL('../../../PROXY.md', import.meta.url));
    writeFileSync(file, text);
    execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'ignore' });
  }
  process.exitCode = targetsMissed({ names, measurements, memory, exchanges }).length === 0 ? 0 : 1;
} finally {
  for (const subject of [...subjects].reverse()) subject.stop();
}
