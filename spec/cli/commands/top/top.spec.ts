import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Lifetime } from '../../../../cli/command/lifetime.js';
import { type TopCommandOptions, top } from '../../../../cli/commands/top/top.js';
import { captureOutput } from '../../../support/captured-output.js';
import { eventually } from '../../../support/eventually.js';

const scrape = (total: number) => `# TYPE tinyllm_requests_total counter\ntinyllm_requests_total{model="m"} ${total}\n`;

describe('tinyllm top', () => {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });

  const serve = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  };

  const start = (url: string, options: Partial<TopCommandOptions>, isTTY = false) => {
    const captured = captureOutput({ isTTY });
    const lifetime = new Lifetime(captured.output);
    ends.push(() => lifetime.end());
    const whole = { intervalSeconds: 0.01, windowSeconds: 10, once: false, json: false, authorization: undefined };
    const ended = top({ ...whole, ...options, url, shown: url }, lifetime).catch((error: Error) => error);
    return { ...captured, lifetime, ended };
  };

  it('shows the rates of two scrapes with --once, using the password of the URL', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve(({ headers }, response) => response.end(scrape(10 * seen.push(headers.authorization))));
    const { stdout, ended } = start(url, { once: true, authorization: 'Basic abc' });
    expect(await ended).to.equal(undefined);
    expect(seen).to.deep.equal(['Basic abc', 'Basic abc']);
    expect(stdout.text.match(/^tinyllm top/gm)).to.have.length(1);
    expect(stdout.text).to.match(/^requests \d[\d.]*\/s over \d+ s/m);
  });

  it('shows that an endpoint is down, and continues when it is back', async () => {
    let status = 200;
    let total = 0;
    const url = await serve((_request, response) => {
      total += 1;
      response.writeHead(status).end(scrape(total));
    });
    const { stdout, lifetime, ended } = start(url, { json: true });
    const lines = () =>
      stdout.text
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    await eventually(async () => lines().some(({ requestsPerSecond }) => requestsPerSecond > 0));
    status = 500;
    const failed = await eventually(async () => lines().find(({ error }) => error !== undefined));
    expect(failed.error.message).to.contain(url).and.to.contain('status 500');
    status = 200;
    const before = lines().length;
    await eventually(async () =>
      lines()
        .slice(before)
        .some(({ requestsPerSecond }) => requestsPerSecond > 0),
    );
    lifetime.end();
    expect(await ended).to.have.property('name', 'AbortError');
  });

  it('fails with --once if the endpoint is down or is not TinyLLM', async () => {
    const url = await serve((_request, response) => response.end('<html></html>\n'));
    expect(await start(url, { once: true }).ended).to.have.property('name', 'EndpointError');
    const asking = await serve((_request, response) => response.writeHead(401).end());
    const refused = (await start(asking, { once: true }).ended) as Error;
    expect(refused.message)
      .to.contain(asking)
      .and.to.match(/requires a user and password .* put USER:PASSWORD@ before the host in the URL\.$/);
  });

  it('draws on the terminal and restores it', async () => {
    const url = await serve((_request, response) => response.end(scrape(0)));
    const { stdout, lifetime, ended } = start(url, {}, true);
    await eventually(async () => stdout.text.includes('no traffic yet'));
    lifetime.end();
    await ended;
    expect(stdout.text.startsWith('\u001B[?1049h')).to.equal(true);
    expect(stdout.text.endsWith('\u001B[?1049l')).to.equal(true);
  });
});
