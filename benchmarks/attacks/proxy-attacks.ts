import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Attack } from './attack.js';
import { type Answer, type AttackedProxy, attackedProxy, flood, postRequest } from './attacked-proxy.js';

const target = 'proxy';
const chatPath = '/v1/chat/completions';
const chat = postRequest(chatPath, '{"model":"tiny","stream":true}');
const short = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';
const ignore: Answer = () => {};

/** Attacks a proxy, and always stops it afterwards. */
async function attacked(
  answer: Answer,
  attack: (proxy: AttackedProxy) => Promise<number>,
  flags: readonly string[] = ['--no-ps'],
): Promise<number> {
  const proxy = await attackedProxy(answer, flags);
  try {
    return await attack(proxy);
  } finally {
    await proxy.stop();
  }
}

/** The memory growth of a proxy in the given seconds, while a client reads the response, or reads nothing. */
function growth(answer: Answer, seconds: number, reads: boolean): Promise<number> {
  return attacked(answer, async (proxy) => {
    proxy.victim.resetPeak();
    const socket = await proxy.connect(chat);
    if (reads) socket.resume();
    await wait(seconds * 1_000);
    return proxy.victim.peakGrowth();
  });
}

const growths: readonly Attack[] = [
  {
    target,
    name: '200 connections each send 8 kB of gzip that decompresses to a model name of 8 MiB',
    measure: 'memory growth',
    unit: 'MiB',
    limit: 128,
    run: () =>
      attacked(ignore, async (proxy) => {
        const body = gzipSync(`{"model":"${'a'.repeat(8 * 2 ** 20 - 1_024)}`);
        proxy.victim.resetPeak();
        const request = postRequest(chatPath, body, 'Content-Encoding: gzip\r\n');
        for (let count = 0; count < 200; count++) await proxy.connect(request);
        await wait(8_000);
        return proxy.victim.peakGrowth();
      }),
  },
  {
    target,
    name: 'the model server sends 103 responses without end, and the client reads nothing',
    measure: 'memory growth in 5 s',
    unit: 'MiB',
    limit: 64,
    run: () => {
      const hints = Buffer.from(`HTTP/1.1 103 Early Hints\r\nLink: </${'a'.repeat(8_000)}>\r\n\r\n`.repeat(32));
      return growth((socket) => flood(socket, hints), 5, false);
    },
  },
  {
    target,
    name: 'the model server sends empty data lines without end',
    measure: 'memory growth in 5 s',
    unit: 'MiB',
    limit: 64,
    run: () => {
      const lines = Buffer.from('data:\n'.repeat(10_000));
      const answer: Answer = (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n');
        flood(socket, lines);
      };
      return growth(answer, 5, true);
    },
  },
  {
    target,
    name: 'the model server answers the poll of /api/ps without end',
    measure: 'memory growth in 8 s',
    unit: 'MiB',
    limit: 64,
    run: () => {
      const piece = Buffer.alloc(65_536, 'a');
      const answer: Answer = (socket, bytes) => {
        if (!bytes.toString('latin1').startsWith('GET /api/ps')) return;
        socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"models":"');
        flood(socket, piece);
      };
      return attacked(
        answer,
        async ({ victim }) => {
          victim.resetPeak();
          await wait(8_000);
          return victim.peakGrowth();
        },
        [],
      );
    },
  },
];

const pipelined = Buffer.concat(Array<Buffer>(997).fill(chat));

const occupations: readonly Attack[] = [
  {
    target,
    name: '1 connection pipelines 997 requests',
    measure: 'connections to the model server',
    unit: 'count',
    limit: 1,
    run: () =>
      attacked(ignore, async (proxy) => {
        await proxy.connect(pipelined);
        await wait(3_000);
        return proxy.upstreamConnections();
      }),
  },
  {
    target,
    name: '1 connection pipelines 997 requests and disconnects',
    measure: 'connections to the model server after 2 s',
    unit: 'count',
    limit: 0,
    run: () => {
      // Unread responses make the proxy pause the connection, so that it doesn't notice the disconnect.
      const answer: Answer = (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n');
        socket.write(Buffer.alloc(65_536));
      };
      return attacked(answer, async (proxy) => {
        const socket = await proxy.connect(pipelined);
        await wait(3_000);
        socket.destroy();
        await wait(2_000);
        return proxy.upstreamConnections();
      });
    },
  },
  {
    target,
    name: '8 clients send half a request, and 8 read nothing of a response of 2 MB, with --max-concurrent 4',
    measure: 'slots they occupy',
    unit: 'count',
    limit: 0,
    run: () => {
      let arrived = 0;
      const large = Buffer.alloc(2_000_000, 'a');
      const answer: Answer = (socket, bytes) => {
        const text = bytes.toString('latin1');
        if (text.includes('"last"')) arrived++;
        else if (text.includes('"large"')) {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`);
          socket.write(large);
        }
      };
      return attacked(
        answer,
        async (proxy) => {
          const half = postRequest(chatPath, '{"model":"half","prompt":"aaaaaaaaaaaaaaaaaaaa"}').subarray(0, -8);
          for (let count = 0; count < 8; count++) {
            await proxy.connect(half);
            await proxy.connect(postRequest(chatPath, '{"model":"large"}'));
          }
          await wait(2_000);
          for (let count = 0; count < 4; count++) await proxy.connect(postRequest(chatPath, '{"model":"last"}'));
          await wait(2_000);
          return 4 - arrived;
        },
        ['--no-ps', '--max-concurrent', '4'],
      );
    },
  },
];

const delays: readonly Attack[] = [
  {
    target,
    name: 'the model server sends a 103 response with a Link header of 60 kB',
    measure: 'slowest other request',
    unit: 'ms',
    limit: 500,
    run: () => {
      const hint = (link: string): string => `HTTP/1.1 103 Early Hints\r\nLink: ${link}\r\n\r\n`;
      const hints = [hint('<'.repeat(60_000)), hint(`<a>${'; a'.repeat(20_000)};`), hint(`<a>${' '.repeat(60_000)};`)];
      const answer: Answer = (socket, bytes) => {
        const isOther = bytes.toString('latin1').startsWith('GET');
        socket.write(`${isOther ? '' : hints.join('')}${short}`);
      };
      return attacked(answer, async (proxy) => {
        const url = `http://127.0.0.1:${proxy.victim.port}/api/version`;
        await (await fetch(url)).text();
        const attacker = await proxy.connect(chat);
        attacker.resume();
        await wait(20);
        const begun = performance.now();
        await (await fetch(url)).text();
        return performance.now() - begun;
      });
    },
  },
];

/** Attacks on `tinyllm proxy` by its clients and by the model server behind it. */
export const proxyAttacks: readonly Attack[] = [...growths, ...occupations, ...delays];
