import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Attack } from './attack.js';
import { startModule, type Victim } from './victim.js';

const target = 'hub';

export const hubAttacks: readonly Attack[] = [
  {
    target,
    name: '150 pushes of 4 MiB with labels of 64 KB, 5 kB each as gzip',
    measure: 'failed pushes and scrapes of others',
    unit: 'count',
    limit: 0,
    run: () => pushLabels({ labelLength: 65_000, measure: failuresOfOthers }),
  },
  {
    target,
    name: '150 pushes of 4 MiB with labels of 16 KB',
    measure: 'failed pushes and scrapes of others',
    unit: 'count',
    limit: 0,
    run: () => pushLabels({ labelLength: 16_000, measure: failuresOfOthers }),
  },
  {
    target,
    name: '150 pushes of 4 MiB with labels of 16 KB, then a scrape',
    measure: 'memory growth',
    unit: 'MiB',
    limit: 1_024,
    run: () => pushLabels({ labelLength: 16_000, measure: async (victim) => victim.peakGrowth() }),
  },
  {
    target,
    name: 'pushes of 50 series with 75,000 series stored, compared with 1,000',
    measure: 'ratio of the median time',
    unit: '×',
    limit: 3,
    run: async () => {
      const [few, many] = [await pushMilliseconds(1_000), await pushMilliseconds(75_000)];
      return many / few;
    },
  },
  {
    target,
    name: 'pushes of 50 series with 1,000,000 series stored, compared with 1,000',
    measure: 'ratio of the median time',
    unit: '×',
    limit: 3,
    run: async () => {
      const [few, many] = [await pushMilliseconds(1_000), await pushMilliseconds(1_000_000)];
      return many / few;
    },
  },
  {
    target,
    name: 'a pusher is silent while 10,001 others push, and then pushes again',
    measure: 'doubled counts',
    unit: 'count',
    limit: 0,
    run: () =>
      attacked({ maxGroups: 10_000, expireSeconds: 1 }, async ({ port }) => {
        await push(port, 'silent', '# TYPE a_total counter\na_total{who="silent"} 7\n');
        await wait(1_100);
        for (let done = 0; done <= 10_000; done += 100) {
          const batch = Array.from({ length: 100 }, (_, index) =>
            push(port, `p${done + index}`, '# TYPE a_total counter\na_total 1\n'),
          );
          await Promise.all(batch);
        }
        await push(port, 'silent', '# TYPE a_total counter\na_total{who="silent"} 9\n');
        const scrape = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
        return Number(/^a_total\{who="silent"\} (\d+)$/m.exec(scrape)?.[1] ?? 0) - 9;
      }),
  },
  {
    target,
    name: '400 connections that send 3.9 MB of a push of 4 MB, and wait',
    measure: 'memory growth',
    unit: 'MiB',
    limit: 256,
    run: () =>
      attacked({}, async (victim) => {
        const sockets = Array.from({ length: 400 }, () => connect(victim.port, '127.0.0.1'));
        const head = 'PUT /metrics/job/slow HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000000\r\n\r\n';
        for (const socket of sockets) socket.on('error', () => undefined).write(`${head}${'#'.repeat(3_900_000)}`);
        await wait(8_000);
        for (const socket of sockets) socket.destroy();
        return victim.peakGrowth();
      }),
  },
];

interface Limits {
  readonly maxSeries?: number;
  readonly maxGroups?: number;
  readonly expireSeconds?: number;
}

async function attacked(
  { maxSeries = 200_000, maxGroups = 10_000, expireSeconds = 300 }: Limits,
  attack: (victim: Victim) => Promise<number>,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tinyllm-attack-'));
  const settings = [maxSeries, maxGroups, expireSeconds].map(String);
  const victim = await startModule('hub-victim.js', [join(folder, 'state'), ...settings]);
  try {
    return await attack(victim);
  } finally {
    await victim.stop();
    rmSync(folder, { recursive: true });
  }
}

function pushLabels(options: {
  readonly labelLength: number;
  readonly measure: (victim: Victim) => Promise<number>;
}): Promise<number> {
  const { labelLength, measure } = options;
  return attacked({}, async (victim) => {
    const label = 'a'.repeat(labelLength);
    for (let index = 0; index < 150; index++) {
      let body = '# TYPE large_total counter\n';
      for (let series = 0; body.length + labelLength < 4_190_000; series++) {
        body += `large_total{n="${index}-${series}",l="${label}"} 1\n`;
      }
      await push(victim.port, `attacker-${index}`, body);
    }
    await fetch(`http://127.0.0.1:${victim.port}/metrics`).then((response) => response.body?.cancel());
    return measure(victim);
  });
}

async function failuresOfOthers({ port }: Victim): Promise<number> {
  let failures = 0;
  for (let value = 1; value <= 10; value++) {
    const pushed = await push(port, 'other', `# TYPE other_total counter\nother_total ${value}\n`);
    const scraped = await fetch(`http://127.0.0.1:${port}/metrics?name[]=other_total`);
    const text = await scraped.text();
    if (pushed !== 200 || !text.includes(`\nother_total ${value}\n`)) failures += 1;
  }
  return failures;
}

/** The median time of a push of 50 series. */
function pushMilliseconds(series: number): Promise<number> {
  return attacked({ maxSeries: 3_000_000, maxGroups: 100_000 }, async ({ port }) => {
    const groups = Math.min(series / 50, 1_000);
    const ofGroup = series / groups;
    const body = (group: number, { count, value }: { count: number; value: number }): string => {
      const lines = Array.from({ length: count }, (_, one) => `work_total{g="${group}",n="${one}"} ${value}\n`);
      return `# TYPE work_total counter\n${lines.join('')}`;
    };
    for (let group = 0; group < groups; group++) {
      await push(port, `p${group}`, body(group, { count: ofGroup, value: 1 }));
    }
    const times: number[] = [];
    for (let round = 0; round < 300; round++) {
      const group = round % groups;
      const text = body(group, { count: 50, value: 2 + round });
      const start = performance.now();
      await push(port, `q${group % 20}`, text);
      times.push(performance.now() - start);
    }
    return times.sort((one, other) => one - other)[150] ?? Number.NaN;
  });
}

async function push(port: number, pusher: string, text: string): Promise<number> {
  const url = `http://127.0.0.1:${port}/metrics/job/attack/instance/${pusher}`;
  const headers = { 'Content-Encoding': 'gzip' };
  const response = await fetch(url, { method: 'PUT', body: gzipSync(text, { level: 1 }), headers });
  await response.arrayBuffer();
  return response.status;
}
