import { mock } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'chai';
import { MetricsCollector } from '../../../lib/core/collector/collector.js';
import {
  ModelError,
  ModelNotFoundError,
  ModelProtocolError,
  ModelUnavailableError,
} from '../../../lib/core/errors/model-errors.js';
import { SharedRegistry } from '../../../lib/core/metrics/shared-registry.js';
import { CircuitOpenError, ModelTimeoutError } from '../../../lib/executor/errors/model-client-errors.js';
import { createModelBreaker } from '../../../lib/executor/models/model-breaker.js';
import { ResilientClient, type ResilientClientOptions } from '../../../lib/executor/models/resilient-client.js';
import { RateLimiter, type RateLimits } from '../../../lib/resilience/policies/rate-limiter.js';
import { parseText, sampleValue } from '../../support/parse-text.js';
import { registryText } from '../../support/registry-text.js';
import { piecesOf, ScriptedModel, type Step } from '../../support/scripted-model.js';

const provider = 'stub';
const down = new ModelUnavailableError('It is down.', { provider });
const broken = new ModelProtocolError('It broke off.', { provider });
const missing = new ModelNotFoundError('It is not there.', { provider });
const request = { prompt: 'Hi' };
const labels = { model: 'm' };

describe('ResilientClient', () => {
  let registry: SharedRegistry;
  let collector: MetricsCollector;
  beforeEach(() => {
    registry = new SharedRegistry();
    collector = new MetricsCollector(registry);
  });
  afterEach(() => mock.timers.reset());

  const value = (name: string, of: Readonly<Record<string, string>> = labels): number | undefined =>
    sampleValue(registryText(registry), `tinyllm_${name}`, of);
  const caught = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn++) await nextTurn();
  };

  function clientOf(script: readonly Step[], options: ResilientClientOptions = {}) {
    const model = new ScriptedModel('m', script);
    const retry = { attempts: 3, initialDelaySeconds: 0.001 };
    return { model, client: new ResilientClient(model, { collector, retry, ...options }) };
  }

  const breakerOf = (failures: number) =>
    createModelBreaker({ provider, model: 'm', collector, failures, openForSeconds: 30 }).breaker;
  const limiterOf = (limits: RateLimits) =>
    new RateLimiter({
      ...limits,
      clock: () => Date.now() / 1000,
      onWait: (waitSeconds) => collector.recordRateLimitWait({ waitSeconds, model: 'm' }),
    });

  it('retries, and counts the reasons', async () => {
    const { client, model } = clientOf([down, broken, 'fine']);
    expect((await client.generate(request)).text).to.equal('fine');
    expect(model.requests).to.have.length(3);
    expect(value('retries_total', { model: 'm', reason: 'unavailable' })).to.equal(1);
    expect(value('retries_total', { model: 'm', reason: 'protocol' })).to.equal(1);
  });

  it('does not retry errors that are not transient', async () => {
    const { client, model } = clientOf([missing]);
    expect(await caught(client.generate(request))).to.equal(missing);
    expect(model.requests).to.have.length(1);
    expect(registryText(registry)).not.to.contain('tinyllm_retries_total{');
  });

  it('waits as long as the provider requests', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const limited = new ModelError('Too many.', { provider, status: 429, retryAfterSeconds: 7 });
    const { client, model } = clientOf([limited, 'fine']);
    const answer = client.generate(request);
    await settled();
    mock.timers.tick(6_999);
    await settled();
    expect(model.requests).to.have.length(1);
    mock.timers.tick(1);
    expect((await answer).text).to.equal('fine');
    expect(value('retries_total', { model: 'm', reason: 'rate_limited' })).to.equal(1);
  });

  it('retries a stream only before its first piece', async () => {
    const { client, model } = clientOf([down, { pieces: [], error: broken }, 'all fine']);
    expect(await piecesOf(client.stream(request))).to.deep.equal(['all ', 'fine']);
    expect(model.requests).to.have.length(3);
    const half = clientOf([{ pieces: ['half '], error: broken }, 'all fine']);
    expect(await piecesOf(half.client.stream(request))).to.deep.equal(['half ', broken]);
    expect(half.model.requests).to.have.length(1);
  });

  it('limits the time of an answer and of each piece of a stream', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const { client, model } = clientOf(['never'], { timeoutSeconds: 5, retry: { attempts: 2 } });
    const answer = caught(client.generate(request));
    for (let tick = 0; tick < 3; tick++) {
      await settled();
      mock.timers.tick(5_000);
    }
    const error = await answer;
    expect(error).to.be.instanceOf(ModelTimeoutError);
    expect((error as Error).message).to.match(/^The model m did not answer within its timeout of 5 s; /);
    expect(model.requests.map(({ signal }) => signal?.reason instanceof ModelTimeoutError)).to.deep.equal([true, true]);
    expect(value('retries_total', { model: 'm', reason: 'timeout' })).to.equal(1);

    const slow = clientOf(['never'], { timeoutSeconds: 5, retry: { attempts: 1 } });
    const pieces = piecesOf(slow.client.stream(request));
    await settled();
    mock.timers.tick(5_000);
    expect((await pieces)[0]).to.be.instanceOf(ModelTimeoutError);
  });

  it('rejects calls after repeated failures, until a trial call succeeds', async () => {
    mock.timers.enable({ apis: ['Date'] });
    const { client, model } = clientOf([down, down, 'fine'], { breaker: breakerOf(2), retry: { attempts: 1 } });
    expect(value('circuit_breaker_state')).to.equal(0);
    expect(value('circuit_breaker_failures_total')).to.equal(0);
    await caught(client.generate(request));
    await caught(client.generate(request));
    expect(value('circuit_breaker_state')).to.equal(2);
    const rejection = await caught(client.generate(request));
    expect(rejection).to.be.instanceOf(CircuitOpenError).with.property('lastFailure', down);
    expect((rejection as Error).message)
      .to.contain('The circuit breaker of the model m is open')
      .and.contain(down.message);
    expect(await piecesOf(client.stream(request)).then(([error]) => error)).to.be.instanceOf(CircuitOpenError);
    expect(model.requests).to.have.length(2);

    mock.timers.tick(30_000);
    expect((await client.generate(request)).text).to.equal('fine');
    expect(value('circuit_breaker_state')).to.equal(0);
    expect(value('circuit_breaker_failures_total')).to.equal(2);
    expect(value('circuit_breaker_rejected_total')).to.equal(2);
    const transitions = parseText(registryText(registry))
      .filter(({ name }) => name === 'tinyllm_circuit_breaker_transitions_total')
      .flatMap(({ samples }) => samples.map((sample) => `${sample.labels.from} ${sample.labels.to} ${sample.value}`));
    expect(transitions).to.have.members(['closed open 1', 'open half-open 1', 'half-open closed 1']);
  });

  it('counts a stream that breaks off as a failure, but not an abandoned or rejected one', async () => {
    const breaker = breakerOf(2);
    const { client } = clientOf([{ pieces: ['half '], error: broken }], { breaker });
    await piecesOf(client.stream(request));
    for await (const _piece of client.stream(request)) break;
    expect(value('circuit_breaker_failures_total')).to.equal(1);
    await caught(clientOf([missing], { breaker }).client.generate(request));
    expect(value('circuit_breaker_failures_total')).to.equal(1);
    await piecesOf(client.stream(request));
    expect(breaker.state).to.equal('closed');
    await piecesOf(client.stream(request));
    expect(breaker.state).to.equal('open');
  });

  it('ends immediately on abort: in a call, in a stream, between two attempts', async () => {
    const reason = new Error('left');
    const breaker = breakerOf(1);
    const leave = async (script: readonly Step[], stream: boolean): Promise<unknown> => {
      const controller = new AbortController();
      const { client } = clientOf(script, { breaker, retry: { attempts: 2, initialDelaySeconds: 600 } });
      const abortable = { ...request, signal: controller.signal };
      const work = stream
        ? piecesOf(client.stream(abortable)).then(([error]) => error)
        : caught(client.generate(abortable));
      await settled();
      controller.abort(reason);
      return work;
    };
    expect(await leave(['never'], false)).to.equal(reason);
    expect(await leave(['never'], true)).to.equal(reason);
    expect(breaker.state).to.equal('closed');
    expect(await leave([down], false)).to.equal(reason);
    expect(registryText(registry)).not.to.contain('tinyllm_retries_total{');
  });

  it('waits for the rate limit, and records the wait', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { client, model } = clientOf(['fine'], { limiter: limiterOf({ requestsPerMinute: 1 }) });
    await client.generate(request);
    const second = client.generate(request);
    await settled();
    expect(model.requests).to.have.length(1);
    mock.timers.tick(60_000);
    await second;
    expect(value('rate_limit_wait_seconds_count')).to.equal(2);
    expect(value('rate_limit_wait_seconds_sum')).to.equal(60);
  });

  it('subtracts the tokens of an answer from the rate limit', async () => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'] });
    const { client, model } = clientOf(['fine'], { limiter: limiterOf({ tokensPerMinute: 10 }) });
    await client.generate(request);
    const second = client.generate(request);
    await settled();
    expect(model.requests).to.have.length(1);
    mock.timers.tick(60_000);
    expect((await second).text).to.equal('fine');
  });

  it('retries embeddings if its client supports them, and closes its client', async () => {
    const { client, model } = clientOf(['fine']);
    expect(client.embed).to.equal(undefined);
    await client.close();
    expect(model.closed).to.equal(1);
    let tries = 0;
    const embedding = Object.assign(new ScriptedModel('m'), {
      embed: async () => {
        tries += 1;
        if (tries === 1) throw down;
        return { vectors: [[1]], model: 'm', usage: { inputTokens: 1 }, timings: {} };
      },
    });
    const embedder = new ResilientClient(embedding, { collector, retry: { initialDelaySeconds: 0.001 } });
    expect((await embedder.embed?.({ texts: ['a'] }))?.vectors).to.deep.equal([[1]]);
    expect(tries).to.equal(2);
  });
});
