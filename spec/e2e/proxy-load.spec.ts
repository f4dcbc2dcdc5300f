import { once } from 'node:events';
import { Agent, type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { eventually } from '../support/eventually.js';
import { chatLines } from '../support/fake-ollama.js';
import { sampleValue } from '../support/parse-text.js';
import { startTinyllm, type TinyllmProcess } from '../support/tinyllm-process.js';

const streams = 512;
const [first = '', ...rest] = chatLines(['a', 'b', 'c'], { prompt_eval_count: 5, eval_count: 3 }).split(/(?<=\n)/);

/** A fake Ollama that sends the first line of each response, and the rest after `finishAll` is called. */
class SlowOllama {
  readonly #responses = new Set<ServerResponse>();
  readonly #server = createServer(async (incoming, response) => {
    await text(incoming);
    this.#responses.add(response);
    response.on('close', () => this.#responses.delete(response));
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' }).write(first);
  });

  /** The number of active responses. */
  get open(): number {
    return this.#responses.size;
  }

  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  finishAll(): void {
    for (const response of this.#responses) response.end(rest.join(''));
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}

interface Stream {
  readonly asked: ClientRequest;
  readonly answer: IncomingMessage;
}

/** Sends a request, and waits for the head and the first line of the response. */
async function open(url: string, agent: Agent): Promise<Stream> {
  const asked = request(`${url}/api/chat`, { method: 'POST', agent });
  asked.on('error', () => {}).end(JSON.stringify({ model: 'tiny', messages: [] }));
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  await once(answer, 'readable');
  expect(String(answer.read())).to.equal(first);
  return { asked, answer };
}

describe('tinyllm proxy under load', function () {
  this.timeout(60_000);
  const upstream = new SlowOllama();
  const agent = new Agent({ maxSockets: streams });
  let proxy: TinyllmProcess;
  let url: string;
  let metricsUrl: string;

  before(async () => {
    const to = await upstream.start();
    proxy = startTinyllm('proxy', '--upstream', to, '--port', '0', '--metrics-port', '0', '--no-ps');
    url = await eventually(async () => /forwarding (\S+) to/.exec(proxy.printed.stderr)?.[1]);
    metricsUrl = `${/(http:\S+)\/metrics/.exec(proxy.printed.stderr)?.[1]}/metrics`;
  });

  after(async () => {
    agent.destroy();
    await proxy?.close();
    await upstream.close();
  });

  async function scrape(): Promise<string> {
    return (await fetch(metricsUrl)).text();
  }

  it(`counts ${streams} concurrent streams exactly, half of which their clients abort`, async () => {
    const labels = { model: 'tiny', graph: 'proxy' };
    const opened = await Promise.all(Array.from({ length: streams }, () => open(url, agent)));
    expect(upstream.open).to.equal(streams);
    expect(sampleValue(await scrape(), 'tinyllm_active_requests', labels)).to.equal(streams);

    const [staying, leaving] = [opened.slice(0, streams / 2), opened.slice(streams / 2)];
    for (const { asked } of leaving) asked.destroy();
    await eventually(async () => upstream.open === staying.length);
    expect(sampleValue(await scrape(), 'tinyllm_active_requests', labels)).to.equal(staying.length);

    upstream.finishAll();
    const answers = await Promise.all(staying.map(({ answer }) => text(answer)));
    expect(new Set(answers)).to.deep.equal(new Set([rest.join('')]));

    const scraped = await eventually(async () => {
      const seen = await scrape();
      return sampleValue(seen, 'tinyllm_active_requests', labels) === 0 && seen;
    });
    const half = streams / 2;
    for (const [name, further, value] of [
      ['requests_total', { ...labels, request_type: 'stream' }, streams],
      ['requests_finished_total', { ...labels, finish_reason: 'stop' }, half],
      ['requests_finished_total', { ...labels, finish_reason: 'cancelled' }, half],
      ['request_latency_seconds_count', labels, streams],
      ['time_to_first_token_seconds_count', labels, streams],
      ['inter_token_latency_seconds_count', { model: 'tiny' }, half * 2],
      ['tokens_input_total', labels, half * 5],
      ['tokens_output_total', labels, half * 3],
    ] as const) {
      expect(sampleValue(scraped, `tinyllm_${name}`, further), name).to.equal(value);
    }
    expect(scraped).not.to.match(/^tinyllm_(?:errors|proxy_uninspected|instrumentation_errors)_total\{/m);
    expect(scraped).not.to.match(/^tinyllm_proxy_upstream_active_requests\{.*\} [^0]/m);
  });
});
