import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { ExchangePlan } from './exchange-plan.js';

/**
 * How an exchange ended for its client. `unserved`: the connection closed before the proxy sent anything, which happens
 * only if the proxy has not read the request. `rejected`: the proxy responded before it had received the whole request.
 */
export type ClientOutcome = 'completed' | 'failed' | 'left' | 'rejected' | 'unserved';

/** Clients of one proxy that share keep-alive connections. */
export class FaultyClients {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 64 });

  constructor(private readonly url: string) {}

  /**
   * Plays a client's part in an exchange, and resolves to how it ended.
   *
   * @param arrived Resolves when the request has reached an upstream.
   */
  async exchange(plan: ExchangePlan, number: number, arrived: Promise<void>): Promise<ClientOutcome> {
    const body = JSON.stringify({ model: 'm', stream: plan.stream, messages: [], options: { ...plan, number } });
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const asked = request(`${this.url}/api/chat`, { method: 'POST', agent: this.#agent, headers });
    const answer = answerTo(asked);
    const isWhole = await sendBody(asked, body, plan);
    if (!isWhole) {
      const isAnswered = await Promise.race([answer.then(() => true), nextTurn(false)]);
      asked.destroy();
      return isAnswered ? 'rejected' : 'left';
    }
    if (plan.client === 'leaves') {
      const early = await Promise.race([arrived, answer.then((response) => ({ response }))]);
      // The proxy sends its own response if no upstream works.
      if (early !== undefined && early.response?.statusCode !== 200) return outcomeOf(early.response, plan.stream);
      if (plan.upstream === 'stall-midway') await firstPiece(await answer);
      asked.destroy();
      return 'left';
    }
    return outcomeOf(await answer, plan.stream);
  }

  /** Closes the idle connections. */
  close(): void {
    this.#agent.destroy();
  }
}

function answerTo(asked: ClientRequest): Promise<IncomingMessage | undefined> {
  return new Promise((resolve) => {
    asked.once('response', resolve);
    asked.on('error', () => resolve(undefined));
  });
}

/** Resolves to whether the whole body was sent. */
async function sendBody(asked: ClientRequest, body: string, { client }: ExchangePlan): Promise<boolean> {
  const half = Math.floor(body.length / 2);
  if (client === 'slow-body' || client === 'half-body') {
    asked.write(body.slice(0, half));
    await sleep(30);
    if (client === 'half-body') return false;
    asked.end(body.slice(half));
  } else {
    asked.end(body);
  }
  return true;
}

async function firstPiece(answer: IncomingMessage | undefined): Promise<void> {
  if (answer === undefined) return;
  answer.on('error', () => {});
  await new Promise((resolve) => answer.once('readable', resolve).once('close', resolve));
}

async function outcomeOf(answer: IncomingMessage | undefined, stream: boolean): Promise<ClientOutcome> {
  if (answer === undefined) return 'unserved';
  let body = '';
  answer.setEncoding('utf8').on('error', () => {});
  answer.on('data', (piece: string) => {
    body += piece;
  });
  await new Promise((resolve) => answer.once('close', resolve));
  if (answer.statusCode !== 200) return 'failed';
  return (stream ? body.split('\n') : [body]).some(isLastObject) ? 'completed' : 'failed';
}

function isLastObject(line: string): boolean {
  try {
    return (JSON.parse(line) as { readonly done?: boolean }).done === true;
  } catch {
    return false;
  }
}
