import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Attack } from './attack.js';
import { startModule, type Victim } from './victim.js';

const target = 'chat server';
/** In milliseconds. */
const longestRequest = 30_000;

/** A process with a chat server. */
interface ChatVictim extends Victim {
  readonly chatPort: number;
}

async function withChatServer(kind: string, attack: (victim: ChatVictim) => Promise<number>): Promise<number> {
  const victim = await startModule('./executor-victim.js', [kind]);
  try {
    const chatPort = Number(await (await fetch(`http://127.0.0.1:${victim.port}`)).text());
    // Makes the server load its lazy modules before the measurement.
    if (kind === 'json') await ask(chatPort, { question: 'Hello' }, longestRequest);
    victim.resetPeak();
    return await attack({ ...victim, chatPort });
  } finally {
    await victim.stop();
  }
}

interface Question {
  readonly question: string;
  readonly stream?: boolean;
}

const bodyOf = ({ question, stream = false }: Question): string =>
  JSON.stringify({ model: 'attacked', stream, messages: [{ role: 'user', content: question }] });

/** Sends a question over a new connection, and returns the status and the milliseconds. The status is 0 after a timeout. */
async function ask(port: number, question: Question, milliseconds: number): Promise<{ status: number; took: number }> {
  const started = performance.now();
  const headers = { 'content-type': 'application/json', connection: 'close' };
  const signal = AbortSignal.timeout(milliseconds);
  const status = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    ...{ method: 'POST', headers, body: bodyOf(question), signal },
  }).then(
    async (response) => {
      await response.text();
      return response.status;
    },
    () => 0,
  );
  return { status, took: performance.now() - started };
}

async function sendAndReadNothing(port: number, bytes: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.pause().write(bytes);
  return socket;
}

function requestText(question: Question): string {
  const body = bodyOf(question);
  return `POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

const slowQuestion = (kind: string, name: string, question: string): Attack => ({
  target,
  name,
  measure: 'response time (measured up to 30 s)',
  unit: 'ms',
  limit: 2_000,
  run: () => withChatServer(kind, async ({ chatPort }) => (await ask(chatPort, { question }, longestRequest)).took),
});

/** In JSON, a line break takes 2 bytes. */
const json = slowQuestion(
  'json',
  'a question of 1 MiB for a graph with `json:`',
  `\`\`\`${'\n'.repeat(2 ** 19 - 1000)}.`,
);
const routes = slowQuestion('routes', 'route selection in an answer of 80,000 characters', 'Which route?');

const unread: Attack = {
  target,
  name: '4 connections ask for endless streams and read nothing',
  measure: 'memory growth',
  unit: 'MiB',
  limit: 100,
  run: () =>
    withChatServer('endless', async (victim) => {
      const bytes = requestText({ question: 'Go on', stream: true });
      const sockets = await Promise.all(Array.from({ length: 4 }, () => sendAndReadNothing(victim.chatPort, bytes)));
      await sleep(10_000);
      for (const socket of sockets) socket.destroy();
      return victim.peakGrowth();
    }),
};

const pipelining: Attack = {
  target,
  name: '1 connection pipelines 256 questions of 300 ms',
  measure: 'response time of another question',
  unit: 'ms',
  limit: 2_000,
  run: () =>
    withChatServer('slow', async ({ chatPort }) => {
      const socket = await sendAndReadNothing(chatPort, requestText({ question: 'Why?' }).repeat(256));
      await sleep(500);
      const { took } = await ask(chatPort, { question: 'Hello' }, longestRequest);
      socket.destroy();
      return took;
    }),
};

/** The peak resident memory of `tinyllm models list` in MiB. The command is stopped after 10 seconds. */
async function memoryOfList(host: string): Promise<number> {
  const main = fileURLToPath(new URL('../../../../cli/bin/tinyllm.js', import.meta.url));
  const child = spawn(process.execPath, [main, 'models', 'list', '--host', host], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  let highest = 0;
  const watch = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      highest = Math.max(highest, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024);
      if (highest > 1024) child.kill('SIGKILL');
    } catch {
      // The process has exited.
    }
  }, 10);
  const stop = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(stop);
  clearInterval(watch);
  return highest;
}

const endless: Attack = {
  target: 'tinyllm models list',
  name: 'a server sends a list without an end',
  measure: 'memory growth (measured up to 1 GiB)',
  unit: 'MiB',
  limit: 50,
  run: async () => {
    const names = `{"name":"${'x'.repeat(1000)}"},`.repeat(60);
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url?.startsWith('/short')) {
        response.end('{"models":[]}');
        return;
      }
      response.write('{"models":[');
      const more = (): void => {
        while (!response.destroyed && response.write(names));
      };
      response.on('drain', more);
      more();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const base = await memoryOfList(`${url}/short`);
      return (await memoryOfList(url)) - base;
    } finally {
      server.close();
      server.closeAllConnections();
    }
  },
};

export const executorAttacks: readonly Attack[] = [json, routes, unread, pipelining, endless];
