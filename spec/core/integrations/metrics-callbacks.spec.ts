import { performance } from 'node:perf_hooks';
import { mock } from 'node:test';
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { FakeLLM } from '@langchain/core/utils/testing';
import { expect } from 'chai';
import { metricsCallbacks } from '../../../lib/core/integrations/metrics-callbacks.js';
import { eventually } from '../../support/eventually.js';
import { requestCounts } from '../../support/request-counts.js';
import { freshGraph } from '../../support/shared-scrape.js';

const usage = { input_tokens: 9, output_tokens: 2, total_tokens: 11 };

function messageOf(fields: { readonly content: string; readonly response_metadata?: object }): AIMessageChunk {
  return Object.assign(new AIMessageChunk(fields), { usage_metadata: usage });
}

/** A chat model like those of LangChain's integrations, with whole and streamed responses. */
class Chat extends BaseChatModel {
  fails: Error | undefined;

  override invocationParams() {
    return { model: 'tiny' };
  }

  override _llmType() {
    return 'spec';
  }

  override async _generate(): Promise<ChatResult> {
    if (this.fails !== undefined) throw this.fails;
    const message = messageOf({ content: 'Four.' });
    return { generations: [{ text: 'Four.', message, generationInfo: { finish_reason: 'length' } }] };
  }

  override async *_streamResponseChunks(_messages: BaseMessage[], _options: object, run?: CallbackManagerForLLMRun) {
    for (const content of ['', 'Fo', 'ur.']) {
      const chunk = new ChatGenerationChunk({ text: content, message: new AIMessageChunk({ content }) });
      yield chunk;
      await run?.handleLLMNewToken(content, undefined, undefined, undefined, undefined, { chunk });
    }
    const message = messageOf({ content: '', response_metadata: { finish_reason: 'stop' } });
    yield new ChatGenerationChunk({ text: '', message });
  }
}

describe("LangChain's callback handler", () => {
  const setUp = (options = {}) => {
    const graph = freshGraph();
    return { graph, model: new Chat({ callbacks: [metricsCallbacks({ graph, ...options })], maxRetries: 0 }) };
  };

  it('records a whole response', async () => {
    const { graph, model } = setUp();
    expect((await model.invoke('What is 2+2?')).content).to.equal('Four.');
    expect(await requestCounts(graph)).to.deep.equal({
      ...{ 'requests tiny generate': 1, 'active tiny': 0, 'timed tiny': 1, 'finished tiny length': 1 },
      ...{ 'input tiny': 9, 'output tiny': 2 },
    });
  });

  it('records a stream from its first token to its end', async () => {
    const { graph, model } = setUp();
    let text = '';
    for await (const chunk of await model.stream('What is 2+2?')) text += chunk.content;
    expect(text).to.equal('Four.');
    expect(await requestCounts(graph)).to.deep.equal({
      ...{ 'requests tiny generate': 1, 'active tiny': 0, 'timed tiny': 1, 'finished tiny stop': 1 },
      ...{ 'input tiny': 9, 'output tiny': 2, 'first tiny': 1 },
    });
  });

  it('records an error and an aborted call', async () => {
    const { graph, model } = setUp();
    model.fails = new RangeError('too long');
    await model.invoke('x').catch(() => undefined);
    model.fails = new DOMException('gone', 'AbortError');
    await model.invoke('x').catch(() => undefined);
    expect(await requestCounts(graph)).to.include({
      ...{ 'errors RangeError tiny': 1, 'finished tiny error': 1, 'finished tiny cancelled': 1, 'active tiny': 0 },
    });
  });

  it('counts a stream as cancelled after some time without activity, even if no other request follows', async () => {
    const { graph, model } = setUp({ silentAfterSeconds: 0.2 });
    for await (const { content } of await model.stream('x')) if (content !== '') break;
    expect(await requestCounts(graph)).to.include({ 'active tiny': 1 });
    await eventually(async () => expect(await requestCounts(graph)).to.include({ 'active tiny': 0 }));
    expect(await requestCounts(graph)).to.include({ 'finished tiny cancelled': 1 });
  });

  it('keeps active requests, and ends each inactive request after its own timeout', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    let now = 0;
    const clock = mock.method(performance, 'now', () => now);
    try {
      const graph = freshGraph();
      const handler = metricsCallbacks({ graph, silentAfterSeconds: 10 });
      const pass = (seconds: number): void => {
        now += seconds * 1_000;
        mock.timers.tick(seconds * 1_000);
      };
      handler.handleLLMStart({}, [], 'silent');
      pass(6);
      handler.handleLLMStart({}, [], 'active');
      pass(3);
      handler.handleLLMNewToken('x', undefined, 'active');
      pass(2);
      const afterFirst = await requestCounts(graph);
      pass(9);
      expect(afterFirst).to.include({ 'active unknown': 1, 'finished unknown cancelled': 1 });
      expect(await requestCounts(graph)).to.include({ 'active unknown': 0, 'finished unknown cancelled': 2 });
    } finally {
      clock.mock.restore();
      mock.timers.reset();
    }
  });

  it("counts an error after an abort of the call's own signal as a cancellation", async () => {
    const graph = freshGraph();
    const handler = metricsCallbacks({ graph });
    const controller = new AbortController();
    handler.handleLLMStart({}, [], 'run', undefined, { options: { signal: controller.signal } });
    controller.abort(new Error('The user left.'));
    handler.handleLLMError(new Error('Aborted'), 'run');
    expect(await requestCounts(graph)).to.include({ 'active unknown': 0, 'finished unknown cancelled': 1 });
  });

  it('records models other than chat models', async () => {
    const graph = freshGraph();
    const model = new FakeLLM({ response: 'Four.', callbacks: [metricsCallbacks({ graph })] });
    expect(await model.invoke('What is 2+2?')).to.equal('Four.');
    expect(await requestCounts(graph)).to.include({ 'requests unknown generate': 1, 'active unknown': 0 });
  });

  it('ignores events of requests whose start it did not receive', async () => {
    const { graph } = setUp();
    const handler = metricsCallbacks({ graph });
    handler.handleLLMNewToken('x', undefined, 'run');
    handler.handleLLMEnd({}, 'run');
    handler.handleLLMError(new Error('no'), 'run');
    expect(await requestCounts(graph)).to.deep.equal({});
  });
});
