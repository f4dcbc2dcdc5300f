import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Gauge } from 'prom-client';
import { pushMetrics } from '../../lib/core/index.js';
import { SharedRegistry } from '../../lib/core/metrics/shared-registry.js';
import { Hub } from '../../lib/hub/server/hub.js';
import { startHubServer } from '../../lib/hub/server/start-hub-server.js';
import {
  type E2eProgram,
  goPush,
  goPushPath,
  needPrograms,
  pushgateway,
  python,
  pythonPrometheusClient,
} from '../support/e2e-programs.js';
import { gatewayInputs, gatewayPaths } from '../support/gateway-inputs.js';
import { type RunningPushgateway, startPushgateway } from '../support/pushgateway.js';

/** Sends a request with exactly this path. `fetch` would normalize it. */
async function send(
  method: string,
  url: string,
  path: string,
  body: string | Buffer = '',
): Promise<{ readonly isAccepted: boolean; readonly text: string }> {
  const { hostname: host, port } = new URL(url);
  const outgoing = request({ host, port, method, path });
  outgoing.end(body);
  const [response] = await once(outgoing, 'response');
  let text = '';
  for await (const piece of response.setEncoding('utf8')) text += piece;
  return { isAccepted: response.statusCode < 300, text };
}

describe('input of the hub', function () {
  this.timeout(60_000);

  let hub: Awaited<ReturnType<typeof startHubServer>>;
  let state: Hub;

  beforeEach(async () => {
    state = await Hub.open();
    hub = await startHubServer({ hub: state, port: 0, registry: new SharedRegistry() });
  });
  afterEach(async () => {
    await hub.close();
    await state.close();
  });

  const scrape = async (accept: string): Promise<string> => {
    const response = await fetch(`${hub.url}/metrics`, { headers: { Accept: accept } });
    expect(response.status).to.equal(200);
    return response.text();
  };
  const openMetrics = 'application/openmetrics-text;version=1.0.0';

  describe("compared with Debian's Pushgateway", () => {
    let gateway: RunningPushgateway | undefined;
    let url: string;

    before(async function () {
      needPrograms(this, pushgateway);
      gateway = await startPushgateway();
      url = gateway.url;
    });
    after(() => gateway?.close());

    it('is accepted if the gateway accepts it, except for the documented differences', async () => {
      for (const [index, { title, body, differs }] of gatewayInputs.entries()) {
        const path = `/metrics/job/spec${index}`;
        const theirs = await send('PUT', url, path, body);
        await send('DELETE', url, path);
        // A new hub for each text, because totals stay after a DELETE.
        const rejection = await (await Hub.open()).push({ path, text: body, replaces: 'group' }).then(
          () => undefined,
          (error: Error) => error.message,
        );
        const expected = differs === undefined ? theirs.isAccepted : !theirs.isAccepted;
        expect(rejection === undefined, `${title}: ${theirs.text} ${rejection}`).to.equal(expected);
      }
    });

    it('is accepted on each path that the gateway accepts, except for the documented differences', async () => {
      for (const { path, differs } of gatewayPaths) {
        const [theirs, ours] = [
          await send('PUT', url, path, 'spec_path 1\n'),
          await send('PUT', hub.url, path, 'spec_path 1\n'),
        ];
        for (const one of [url, hub.url]) await send('DELETE', one, path);
        const expected = differs === true ? !theirs.isAccepted : theirs.isAccepted;
        expect(ours.isAccepted, `${path}: ${theirs.text} ${ours.text}`).to.equal(expected);
      }
    });
  });

  it('may be a push of client_golang, which is served in both formats', async function () {
    const programs: readonly E2eProgram[] = [goPush, pythonPrometheusClient];
    needPrograms(this, ...programs);
    // Don't use spawnSync, because the hub runs in this process.
    await promisify(execFile)(goPushPath, [hub.url]);
    const text = await scrape('text/plain');
    for (const line of [
      'go_calls_total{code="200",method="get"} 3',
      'go_calls_total{code="500",method="é\\"\\\\\\n"} 1.5',
      'go_calls -2.5',
      'go_untyped 7',
      'go_size_bytes{quantile="0.5"} 0.75',
      'go_size_bytes_sum 5',
      'go_wait_seconds_bucket{le="0.5"} 1',
      'go_wait_seconds_bucket{le="1"} 2',
      'go_wait_seconds_bucket{le="+Inf"} 3',
      'go_both_seconds_bucket{le="1"} 2',
      'go_native_seconds_bucket{le="+Inf"} 3',
      'go_native_seconds_sum 5',
      'go_native_seconds_count 3',
    ]) {
      expect(text.split('\n')).to.include(line);
    }
    for (const format of ['text', 'openmetrics'] as const) {
      const input = await scrape(format === 'text' ? 'text/plain' : openMetrics);
      const parsed = spawnSync(python, ['spec/support/parse-exposition.py', format], { input, encoding: 'utf8' });
      expect(parsed.stderr).to.equal('');
      const samples = parsed.stdout.split('\n').filter((line) => line.includes('"go_calls'));
      expect(samples).to.have.length(3);
    }
  });

  it('may contain a gauge and a counter with the same OpenMetrics family name, which stay separate', async function () {
    needPrograms(this, pythonPrometheusClient);
    const pushes = [
      '# TYPE x gauge\nx 1\n# TYPE x_total counter\nx_total 2\n',
      'y 1\n# TYPE y_total counter\ny_total 2\n',
      '# TYPE z summary\nz_sum 1\nz_count 2\n# TYPE z_total counter\nz_total 2\n',
    ];
    for (const [index, body] of pushes.entries())
      expect((await send('PUT', hub.url, `/metrics/job/${index}`, body)).isAccepted).to.equal(true);
    const input = await scrape(openMetrics);
    const parsed = spawnSync(python, ['spec/support/parse-exposition.py', 'openmetrics'], { input, encoding: 'utf8' });
    expect(parsed.stderr).to.equal('');
    const read = parsed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as readonly unknown[]);
    const shown = read.map(([family, type, , name, , value]) => [family, type, name, Number(value)]);
    expect(shown).to.have.deep.members([
      ['x', 'gauge', 'x', 1],
      ['x_total', 'unknown', 'x_total', 2],
      ['y', 'unknown', 'y', 1],
      ['y_total', 'unknown', 'y_total', 2],
      ['z', 'summary', 'z_sum', 1],
      ['z', 'summary', 'z_count', 2],
      ['z_total', 'unknown', 'z_total', 2],
    ]);
  });

  it("may be TinyLLM's own push with other line ends in help texts", async () => {
    const registry = new SharedRegistry();
    const help = 'One\r\ntwo\u2028three\u2029four.';
    const gauge = new Gauge({ name: 'spec_level', help, registers: [registry] });
    gauge.set(4);
    await pushMetrics({ url: hub.url, job: 'spec', registry });
    expect(await scrape('text/plain')).to.contain('# HELP spec_level One\r\\ntwo\u2028three\u2029four.\n');
  });
});
