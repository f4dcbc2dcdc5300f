import zlib from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { ProxySettingsError } from '../../../lib/proxy/errors/proxy-errors.js';
import type { ExchangeEnd, ExchangeObserver } from '../../../lib/proxy/forwarding/exchange-observer.js';
import { observeExchanges } from '../../../lib/proxy/observation/observe-exchanges.js';
import { eventually } from '../../support/eventually.js';
import { anyText } from '../../support/hostile.js';
import { ollamaExchanges } from './corpus/ollama.js';
import { openaiExchanges } from './corpus/openai.js';
import { asked, cut, replay, Watching } from './corpus/replay.js';
import { responsesExchanges } from './corpus/responses.js';

describe('observeExchanges', () => {
  for (const exchange of [...ollamaExchanges, ...openaiExchanges, ...responsesExchanges]) {
    describe(`with ${exchange.title}`, () => {
      it('records the exchange', () => {
        const watching = new Watching();
        replay(watching, exchange);
        expect(watching.counted()).to.have.members(exchange.counted);
      });

      if (exchange.isCut !== true) {
        it('records the same if the client disconnects after the complete response', () => {
          const watching = new Watching();
          replay(watching, exchange, { end: 'client-left' });
          expect(watching.counted()).to.have.members(exchange.counted);
        });
      }

      it('records the same wherever the exchange is split', () => {
        const longest = Math.max(Buffer.byteLength(exchange.request), Buffer.byteLength(exchange.answer));
        const whole = new Watching();
        const split = new Watching();
        for (let offset = 0; offset <= longest; offset++) {
          replay(whole, exchange);
          replay(split, exchange, { requestCuts: [offset], answerCuts: [offset] });
        }
        expect(split.text()).to.equal(whole.text());
      });
    });
  }

  it('counts a complete response as unread if it has no known field, unless it is a response with embeddings', () => {
    const counted = (path: string): boolean => {
      const watching = new Watching();
      const observer = asked(watching, path, '{"model":"m","stream":false}');
      observer.answered({ status: 200, headers: { 'content-type': 'application/json' } });
      observer.answerData(Buffer.from('{"answer":"x","stats":{"tokens":3}}'));
      observer.ended('complete');
      return watching.counted().includes('tinyllm_instrumentation_errors_total{site="usage"} 1');
    };
    for (const path of ['/v1/chat/completions', '/v1/messages', '/api/chat'])
      expect(counted(path), path).to.equal(true);
    expect(counted('/v1/embeddings')).to.equal(false);
  });

  it('ignores other requests', () => {
    const observe = observeExchanges({ collector: new MetricsCollector(new SharedRegistry()) });
    expect(observe({ method: 'GET', target: '/api/tags', headers: {} })).to.equal(undefined);
    expect(observe({ method: 'POST', target: '/api/pull', headers: {} })).to.equal(undefined);
  });

  describe('the labels of requests', () => {
    function requestsBy(watching: Watching): string[] {
      return watching.counted().filter((line) => line.startsWith('tinyllm_requests_total'));
    }

    it('are `other` for models that are not in the list', () => {
      const watching = new Watching({ models: ['tiny'] });
      for (const model of ['tiny', 'large', 'tiny:latest']) {
        asked(watching, '/api/embed', JSON.stringify({ model })).ended('complete');
      }
      asked(watching, '/api/embed', '{}').ended('complete');
      expect(requestsBy(watching)).to.have.members([
        'tinyllm_requests_total{model="tiny",graph="proxy",request_type="embed"} 1',
        'tinyllm_requests_total{model="other",graph="proxy",request_type="embed"} 2',
        'tinyllm_requests_total{model="unknown",graph="proxy",request_type="embed"} 1',
      ]);
    });

    it('contain the graph name of the client, if it is valid', () => {
      const watching = new Watching();
      for (const graph of ['router', 'a b', '', 'x'.repeat(129), 'grün', 'a\tb']) {
        asked(watching, '/api/embed', '{"model":"tiny"}', { 'x-tinyllm-graph': graph }).ended('complete');
      }
      expect(requestsBy(watching)).to.have.members([
        'tinyllm_requests_total{model="tiny",graph="router",request_type="embed"} 1',
        'tinyllm_requests_total{model="tiny",graph="a b",request_type="embed"} 1',
        'tinyllm_requests_total{model="tiny",graph="proxy",request_type="embed"} 4',
      ]);
    });

    it('are `other` for names beyond the limit, so that neither models nor graphs use up the series', () => {
      const watching = new Watching();
      for (let name = 0; name < 2_000; name++) {
        const graph = { 'x-tinyllm-graph': `g${name}` };
        asked(watching, '/api/embed', `{"model":"m${name}"}`, graph).ended('complete');
      }
      asked(watching, '/api/embed', '{"model":"m1"}').ended('complete');
      const counted = requestsBy(watching);
      expect(counted).to.have.length(102);
      expect(counted).to.include('tinyllm_requests_total{model="m99",graph="g99",request_type="embed"} 1');
      expect(counted).to.include('tinyllm_requests_total{model="other",graph="other",request_type="embed"} 1900');
      expect(counted).to.include('tinyllm_requests_total{model="m1",graph="proxy",request_type="embed"} 1');
    });

    it('are `other` for requests beyond the series limit, also for the gauge', () => {
      const watching = new Watching({ maxModels: 2_000 });
      const open = Array.from({ length: 1_100 }, (_, at) => asked(watching, '/api/chat', `{"model":"m${at}"}`));
      expect(watching.text()).to.include('tinyllm_active_requests{model="other",graph="other"} 100\n');
      for (const observer of open) observer.ended('client-left');
      expect(watching.text()).to.include('tinyllm_active_requests{model="other",graph="other"} 0\n');
    });
  });

  describe('additional labels', () => {
    const labels = {
      tenant: { header: 'X-Tenant' },
      team: 'key',
      env: { value: 'prod' },
      provider: 'provider',
    } as const;

    it('are on all metrics of a request', () => {
      const watching = new Watching({ labels });
      const observer = asked(watching, '/api/chat', '{"model":"m"}', { 'x-tenant': 'acme' }, 'research');
      const values = 'tenant="acme",team="research",env="prod",provider="ollama"';
      expect(watching.counted()).to.include(`tinyllm_active_requests{model="m",graph="proxy",${values}} 1`);
      observer.answered({ status: 200, headers: { 'content-type': 'application/x-ndjson' } });
      observer.answerData(Buffer.from('{"message":{"content":"a"},"done":false}\n'));
      observer.answerData(Buffer.from('{"message":{"content":"b"},"done":false}\n'));
      observer.answerData(Buffer.from('{"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":2}\n'));
      observer.ended('complete');
      const lines = watching.counted().filter((line) => line.includes('model='));
      expect(lines.length).to.be.above(5);
      for (const line of lines) expect(line).to.include(`,${values}`);
      const all = lines.join('\n');
      for (const name of ['requests_total', 'request_latency_seconds_count', 'inter_token_latency_seconds_count']) {
        expect(all).to.include(`tinyllm_${name}{`);
      }
    });

    it('are on errors and cancelled requests', () => {
      const watching = new Watching({ labels });
      const failed = asked(watching, '/v1/messages', '{"model":"m"}');
      failed.answered({ status: 502, headers: {} });
      failed.ended('upstream-failed');
      asked(watching, '/api/embed', '{"model":"m"}', { 'x-tenant': 'acme' }).ended('client-left');
      const lines = watching.counted();
      const values = 'tenant="",team="",env="prod",provider="anthropic"';
      expect(lines).to.include(
        `tinyllm_errors_total{error_type="ModelUnavailableError",model="m",graph="proxy",${values}} 1`,
      );
      expect(lines).to.include(
        'tinyllm_requests_finished_total{model="m",graph="proxy",finish_reason="cancelled",tenant="acme",team="",env="prod",provider="ollama"} 1',
      );
    });

    it('must be valid', () => {
      const wrong = { tenant: { header: 'cookie' } };
      expect(() => new Watching({ labels: wrong })).to.throw(ProxySettingsError, 'expected a header without secrets');
    });

    it('keep the totals, and never exceed the limits, for any requests', () => {
      const requests = fc.array(
        fc.record({
          path: fc.constantFrom('/api/chat', '/v1/messages', '/v1/embeddings'),
          model: fc.constantFrom('a', 'b', 'c', 'd'),
          graph: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
          tenant: fc.option(fc.oneof(fc.constantFrom('t1', 't2', 't3', 'other', ''), anyText), { nil: undefined }),
          end: fc.constantFrom<ExchangeEnd>('complete', 'client-left', 'upstream-failed', 'refused'),
        }),
        { maxLength: 60 },
      );
      fc.assert(
        fc.property(requests, fc.constantFrom(4, 10, 1_000), (made, maxSeriesPerMetric) => {
          const watching = new Watching({ labels, maxModels: 2, maxGraphs: 2, maxLabelValues: 2, maxSeriesPerMetric });
          for (const { path, model, graph, tenant, end } of made) {
            const headers = {
              ...(graph === undefined ? {} : { 'x-tinyllm-graph': graph }),
              ...(tenant === undefined ? {} : { 'x-tenant': Buffer.from(tenant).toString('latin1') }),
            };
            asked(watching, path, JSON.stringify({ model }), headers, 'research').ended(end);
          }
          for (const name of ['requests_total', 'requests_finished_total', 'request_latency_seconds_count']) {
            expect(watching.total(`tinyllm_${name}`), name).to.equal(made.length);
          }
          expect(watching.total('tinyllm_active_requests')).to.equal(0);
          const sets = watching.counted().filter((line) => line.startsWith('tinyllm_requests_total{'));
          const valuesOf = (label: string) =>
            new Set(sets.map((set) => new RegExp(`[{,]${label}="([^"]*)"`).exec(set)?.[1]));
          expect(valuesOf('tenant').size).to.be.at.most(4);
          expect(valuesOf('model').size).to.be.at.most(3);
          // The overflow series is in addition to the limit.
          expect(sets.length).to.be.at.most(maxSeriesPerMetric + 1);
        }),
        { numRuns: 200 },
      );
    });
  });

  describe('with compression', () => {
    const exchanges = [...ollamaExchanges, ...openaiExchanges, ...responsesExchanges];
    for (const [encoding, encode] of [
      ['gzip', zlib.gzipSync],
      ['br', zlib.brotliCompressSync],
      ['deflate', zlib.deflateSync],
    ] as const) {
      it(`records the same with ${encoding} for both bodies, in small pieces`, async () => {
        const plain = new Watching();
        const compressed = new Watching();
        for (const exchange of exchanges) {
          replay(plain, exchange);
          const { path, request, status = 200, contentType, answer } = exchange;
          const observer = compressed.begin(path, { 'content-encoding': encoding });
          for (const byte of encode(request)) observer.requestData(Uint8Array.of(byte));
          observer.requestEnd();
          observer.answered({ status, headers: { 'content-type': contentType, 'content-encoding': encoding } });
          for (const byte of encode(answer)) observer.answerData(Uint8Array.of(byte));
          observer.ended('complete');
        }
        // Compressed bodies are read in the background.
        await eventually(async () => {
          expect(compressed.counted()).to.have.members(plain.counted());
          return true;
        });
      });
    }
  });

  it('survives any sequence of events, and leaves no request in flight', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      scraps.map((text) => Buffer.from(text)),
    );
    const steps = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constantFrom('requestData', 'answerData'), bytes }),
        fc.record({ kind: fc.constant('requestEnd') }),
        fc.record({
          kind: fc.constant('answered'),
          status: fc.constantFrom(100, 200, 204, 307, 404, 502),
          type: types,
        }),
      ) as fc.Arbitrary<Step>,
      { maxLength: 12 },
    );
    const ends = fc.constantFrom<ExchangeEnd>('complete', 'client-left', 'upstream-failed', 'refused');
    const watching = new Watching({ inspectLimit: 100 });
    fc.assert(
      fc.property(paths, steps, ends, (path, made, end) => {
        const observer = watching.begin(path);
        for (const step of made) take(observer, step);
        observer.ended(end, made);
      }),
      { numRuns: 1_000 },
    );
    expect(watching.total('tinyllm_active_requests')).to.equal(0);
    expect(watching.total('tinyllm_requests_finished_total')).to.equal(watching.total('tinyllm_requests_total'));
  });

  it('records the same for any bytes, however they are split', () => {
    const answers = fc.array(scraps, { maxLength: 12 }).map((parts) => Buffer.from(parts.join('')));
    const [whole, split] = [new Watching({ inspectLimit: 300 }), new Watching({ inspectLimit: 300 })];
    fc.assert(
      fc.property(paths, answers, types, fc.array(fc.nat(400)), (path, answer, type, offsets) => {
        for (const [watching, pieces] of [
          [whole, [answer]],
          [
            split,
            cut(
              answer,
              offsets.sort((a, b) => a - b),
            ),
          ],
        ] as const) {
          const observer = asked(watching, path, '{"model":"tiny","stream":true}');
          observer.answered({ status: 200, headers: { 'content-type': type } });
          for (const piece of pieces) observer.answerData(piece);
          observer.ended('complete');
        }
      }),
      { numRuns: 1_000 },
    );
    expect(split.text()).to.equal(whole.text());
  });
});

type Step =
  | { readonly kind: 'requestData' | 'answerData'; readonly bytes: Uint8Array }
  | { readonly kind: 'requestEnd' }
  | { readonly kind: 'answered'; readonly status: number; readonly type: string };

const paths = fc.constantFrom('/api/chat', '/api/embed', '/v1/chat/completions', '/v1/responses');
const types = fc.constantFrom('application/x-ndjson', 'text/event-stream', 'application/json', 'text/html', '');
const scraps = fc.constantFrom(
  ...[
    '{"model":"m"',
    ',"stream":true}',
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\n',
    '\r\n',
    '\n\n',
    'data: ',
    'event: error\n',
  ],
  ...['{"message":{"content":"a"},"done":false}\n', '{"message":{"content":""},"done":true}\n', '{"error":"broken"}\n'],
  ...['data: {"choices":[{"delta":{"content":"ü"},"finish_reason":null}]}\n\n', 'data: [DONE]\n\n', '[DONE]', '🦙'],
  ...['{"choices":[null,{"delta":null}],"usage":[]}', '{"response":{"object":"response","status":7},"type":{}}'],
  ...['{"usage":{"prompt_tokens":7,"completion_tokens":2}}\n', '{"done":true,"eval_count":3,"message":[]}\n'],
);

function take(observer: ExchangeObserver, step: Step): void {
  if (step.kind === 'requestEnd') observer.requestEnd();
  else if (step.kind === 'answered') observer.answered({ status: step.status, headers: { 'content-type': step.type } });
  else observer[step.kind](step.bytes);
}
