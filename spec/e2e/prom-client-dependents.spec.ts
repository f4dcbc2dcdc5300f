import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { DependentApplication, hasDependents, type ManifestChanges } from '../support/dependent-application.js';
import { PackedPackages } from '../support/packed-package.js';
import { type Family, parseText } from '../support/parse-text.js';

/** An application of `spec/dependents`, and the metrics that it must have after the requests. */
interface DependentCase {
  readonly name: string;
  /** Whether the application depends on prom-client directly. Otherwise, only its dependencies do. */
  readonly isDirect: boolean;
  /** Method and path of each request. */
  readonly requests: readonly string[];
  /** The metric families whose samples the application's route and the metrics server must return equally. */
  readonly families: readonly string[];
  /** Some of their samples, with sorted label names. */
  readonly samples: readonly string[];
}

const { version } = JSON.parse(readFileSync('lib/prom-client/package.json', 'utf8')) as { version: string };

const cases: readonly DependentCase[] = [
  {
    name: 'express-prom-bundle',
    isDirect: true,
    requests: ['GET /hello/en', 'GET /hello/en', 'GET /hello/fr', 'GET /teapot', 'POST /hello/en'],
    families: ['http_request_duration_seconds', 'greetings_total', 'up'],
    samples: [
      'http_request_duration_seconds_count{method="GET",path="/hello/en",status_code="200"} 2',
      'http_request_duration_seconds_bucket{le="+Inf",method="GET",path="/hello/en",status_code="200"} 2',
      'http_request_duration_seconds_count{method="GET",path="/hello/fr",status_code="200"} 1',
      'http_request_duration_seconds_count{method="GET",path="/teapot",status_code="418"} 1',
      'http_request_duration_seconds_count{method="POST",path="/hello/en",status_code="404"} 1',
      'greetings_total{language="en"} 2',
      'greetings_total{language="fr"} 1',
      'up{} 1',
    ],
  },
  {
    name: 'fastify-metrics',
    isDirect: false,
    requests: ['GET /books/1', 'GET /books/2', 'GET /books/0', 'POST /books'],
    families: ['http_request_duration_seconds', 'http_request_summary_seconds'],
    samples: [
      'http_request_duration_seconds_count{method="GET",route="/books/:id",status_code="200"} 2',
      'http_request_duration_seconds_bucket{le="+Inf",method="GET",route="/books/:id",status_code="200"} 2',
      'http_request_duration_seconds_count{method="GET",route="/books/:id",status_code="404"} 1',
      'http_request_duration_seconds_count{method="POST",route="/books",status_code="201"} 1',
      'http_request_summary_seconds_count{method="GET",route="/books/:id",status_code="200"} 2',
      'http_request_summary_seconds_count{method="POST",route="/books",status_code="201"} 1',
    ],
  },
  {
    name: 'nestjs-prometheus',
    isDirect: true,
    requests: ['GET /orders/de', 'GET /orders/de', 'GET /orders/at'],
    families: ['orders_total', 'orders_open', 'order_value_euros', 'order_items'],
    samples: [
      'orders_total{country="de",service="shop"} 2',
      'orders_total{country="at",service="shop"} 1',
      'orders_open{service="shop"} 3',
      'order_value_euros_bucket{country="de",le="10",service="shop"} 0',
      'order_value_euros_bucket{country="de",le="100",service="shop"} 2',
      'order_value_euros_sum{country="de",service="shop"} 40',
      'order_value_euros_count{country="at",service="shop"} 1',
      'order_items{quantile="0.5",service="shop"} 3',
      'order_items_sum{service="shop"} 9',
      'order_items_count{service="shop"} 3',
    ],
  },
  {
    name: 'prometheus-api-metrics',
    isDirect: true,
    requests: ['GET /orders/1', 'GET /orders/2', 'POST /orders', 'GET /nothing'],
    families: ['http_request_duration_seconds', 'http_request_size_bytes', 'http_response_size_bytes', 'app_version'],
    samples: [
      'http_request_duration_seconds_count{code="200",method="GET",route="/orders/:id"} 2',
      'http_request_duration_seconds_bucket{code="200",le="+Inf",method="GET",route="/orders/:id"} 2',
      'http_request_duration_seconds_count{code="201",method="POST",route="/orders"} 1',
      'http_request_size_bytes_sum{code="200",method="GET",route="/orders/:id"} 0',
      'http_response_size_bytes_bucket{code="200",le="10",method="GET",route="/orders/:id"} 2',
      'http_response_size_bytes_sum{code="200",method="GET",route="/orders/:id"} 20',
      'http_request_duration_seconds_count{code="404",method="GET",route="N/A"} 1',
      'app_version{major="1",minor="2",patch="3",version="1.2.3"} 1',
    ],
  },
];

/**
 * All samples of some families, as sorted lines with sorted label names.
 *
 * It omits requests of the `/metrics` route, because the number of those varies.
 */
function samplesOf(text: string, families: readonly string[]): readonly string[] {
  const lines = (family: Family) =>
    family.samples.map(({ name, labels, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      return `${name}{${pairs.sort().join(',')}} ${value}`;
    });
  return parseText(text)
    .filter(({ name }) => families.includes(name))
    .flatMap(lines)
    .filter((line) => !line.includes('route="/metrics"'))
    .sort();
}

describe('the drop-in replaces prom-client unchanged, and is scraped while the main thread is blocked, in', function () {
  this.timeout(120_000);
  let packed: PackedPackages;

  before(async function () {
    if (await hasDependents()) {
      packed = await PackedPackages.make();
      return;
    }
    const advice = 'end-to-end specs need the dependents of prom-client: .ci/fetch-dependents';
    if (process.env.TINYLLM_E2E === 'required') throw new Error(advice);
    process.stderr.write(`\n  skipped; ${advice}\n`);
    this.skip();
  });

  after(() => packed?.remove());

  /** The changes of docs/migrating-from-prom-client.md, with tarballs instead of published versions. */
  const changes = (isDirect: boolean): ManifestChanges => {
    const tarballOf = (name: string) => `file:${packed.tarballs.find((one) => one.name === name)?.file}`;
    const dropIn = tarballOf('@tinyllm/prom-client');
    const tinyllm = tarballOf('tinyllm');
    return isDirect
      ? { dependencies: { tinyllm, 'prom-client': dropIn }, overrides: { 'prom-client': '$prom-client' } }
      : { dependencies: { tinyllm }, overrides: { 'prom-client': dropIn } };
  };

  for (const { name, isDirect, requests, families, samples } of cases) {
    it(`an application with ${name}`, async () => {
      const application = await DependentApplication.copy(name);
      try {
        await application.migrate(changes(isDirect));
        const installed = await application.installed('prom-client');
        expect(installed).to.have.length(1);
        expect(installed[0]).to.deep.include({ name: '@tinyllm/prom-client', version });
        expect(await application.installed('prom-client-original')).to.deep.equal([
          { path: 'node_modules/prom-client-original', name: 'prom-client', version: '15.1.3' },
        ]);
        const isComplete = (own: string) => {
          const lines = samplesOf(own, families);
          return samples.every((sample) => lines.includes(sample));
        };
        const { own, blocked } = await application.run(requests, isComplete);
        expect(samplesOf(own, families)).to.include.members(samples);
        expect(samplesOf(blocked, families)).to.deep.equal(samplesOf(own, families));
      } finally {
        await application.remove();
      }
    });
  }
});
