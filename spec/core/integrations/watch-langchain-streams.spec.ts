import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk, type BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk, type ChatResult } from '@langchain/core/outputs';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { expect } from 'chai';
import { instrumentModel } from '../../../lib/core/integrations/instrument-model.js';
import { eventually } from '../../support/eventually.js';
import { requestCounts } from '../../support/request-counts.js';
import { freshGraph } from '../../support/shared-scrape.js';

class Chat extends BaseChatModel {
  fails: Error | undefined;

  override _llmType() {
    return 'spec';
  }

  override async _generate(): Promise<ChatResult> {
    const message = new AIMessageChunk({ content: 'Four.' });
    return { generations: [{ text: 'Four.', message }] };
  }

  override async *_streamResponseChunks(_messages: BaseMessage[], _options: object, run?: CallbackManagerForLLMRun) {
    for (const content of ['Fo', 'ur', '.']) {
      const chunk = new ChatGenerationChunk({ text: content, message: new AIMessageChunk({ content }) });
      yield chunk;
      await run?.handleLLMNewToken(content, undefined, undefined, undefined, undefined, { chunk });
      if (this.fails !== undefined) throw this.fails;
    }
  }
}

describe('the streams of an instrumented LangChain model', () => {
  const setUp = () => {
    const graph = freshGraph();
    return { graph, model: instrumentModel(new Chat({ maxRetries: 0 }), { graph }) };
  };
  const settled = (graph: string, finished: object) =>
    eventually(async () =>
      expect(await requestCounts(graph)).to.include({ 'active unknown': 0, 'timed unknown': 1, ...finished }),
    );

  it('count as cancelled as soon as their consumer leaves', async () => {
    const { graph, model } = setUp();
    for await (const { content } of await model.stream('x')) if (content === 'ur') break;
    await settled(graph, { 'finished unknown cancelled': 1 });
  });

  it('count as cancelled if they are garbage-collected', async () => {
    const { graph, model } = setUp();
    const begin = async (): Promise<void> => {
      const reader = (await model.stream('x')).getReader();
      await reader.read();
    };
    await begin();
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    await eventually(async () => {
      collectGarbage();
      expect(await requestCounts(graph)).to.include({ 'active unknown': 0, 'finished unknown cancelled': 1 });
      return true;
    });
  });

  it('count once if they are read to their end, or fail', async () => {
    const whole = setUp();
    for await (const _chunk of await whole.model.stream('x'));
    await settled(whole.graph, { 'finished unknown stop': 1 });
    const failing = setUp();
    failing.model.fails = new RangeError('no');
    const error = await (async () => {
      for await (const _chunk of await failing.model.stream('x'));
    })().catch((reason: unknown) => reason);
    expect(error).to.equal(failing.model.fails);
    await settled(failing.graph, { 'finished unknown error': 1, 'errors RangeError unknown': 1 });
  });

  it('do not change a model that cannot stream', async () => {
    class Whole extends BaseChatModel {
      override _llmType() {
        return 'whole';
      }

      override async _generate(): Promise<ChatResult> {
        return { generations: [{ text: 'Four.', message: new AIMessageChunk({ content: 'Four.' }) }] };
      }
    }
    const graph = freshGraph();
    const model = instrumentModel(new Whole({}), { graph });
    let text = '';
    for await (const { content } of await model.stream('x')) text += content;
    expect(text).to.equal('Four.');
    expect(await requestCounts(graph)).to.include({ 'requests unknown generate': 1, 'finished unknown stop': 1 });
  });

  it('return the same chunks as without instrumentation', async () => {
    const model = instrumentModel(new FakeListChatModel({ responses: ['Four.'] }));
    let text = '';
    for await (const { content } of await model.stream('x')) text += content;
    expect(text).to.equal('Four.');
  });
});
