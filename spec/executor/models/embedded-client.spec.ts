import { expect } from 'chai';
import fc from 'fast-check';
import { ModelUnavailableError } from '../../../lib/core/errors/model-errors.js';
import { EmbeddedClient, tokensOf } from '../../../lib/executor/models/embedded-client.js';
import type { ModelChunk } from '../../../lib/executor/models/model-client.js';
import { graphSamples } from '../../support/graph-samples.js';

describe('EmbeddedClient', () => {
  const client = new EmbeddedClient();

  it('answers arithmetic, and returns the usage', async () => {
    expect(await client.generate({ prompt: 'What is 2+2?', system: 'Be brief.' })).to.deep.equal({
      text: '4',
      model: 'embedded',
      finishReason: 'stop',
      usage: { inputTokens: 9, outputTokens: 1 },
      timings: {},
    });
  });

  it('streams the same answer token by token, with the finish reason and usage at the end', async () => {
    const chunks: ModelChunk[] = [];
    for await (const chunk of client.stream({ prompt: 'convert 5 km to miles' })) chunks.push(chunk);
    expect(chunks).to.deep.equal([
      { text: '3.106856' },
      { text: ' miles', finishReason: 'stop', usage: { inputTokens: 5, outputTokens: 2 }, timings: {} },
    ]);
  });

  it('cuts an answer at maxTokens with the finish reason length', async () => {
    const request = { prompt: 'convert 5 km to miles', maxTokens: 1 };
    expect(await client.generate(request)).to.deep.include({
      text: '3.106856',
      finishReason: 'length',
      usage: { inputTokens: 5, outputTokens: 1 },
    });
    const chunks: ModelChunk[] = [];
    for await (const chunk of client.stream(request)) chunks.push(chunk);
    expect(chunks).to.have.length(1);
    expect(chunks[0]).to.include({ text: '3.106856', finishReason: 'length' });
  });

  it('answers in JSON on request', async () => {
    const answers: Readonly<Record<string, unknown>> = {
      '2+2': 4,
      '0.5-1': -0.5,
      'convert 5 km to miles': '3.106856 miles',
    };
    for (const [prompt, value] of Object.entries(answers)) {
      const { text } = await client.generate({ prompt, format: 'json' });
      expect(JSON.parse(text)).to.equal(value);
    }
  });

  it('throws an error that explains how to connect a model for other questions', async () => {
    const error = await client.generate({ prompt: 'Who won the cup?' }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ModelUnavailableError);
    const { message } = error as Error;
    expect(message)
      .to.match(/found nothing to compute in the question; it answers only arithmetic/)
      .and.include('https://ollama.com');
    expect(message).to.include('ollama pull qwen2.5:0.5b').and.include('--provider ollama').and.not.include('\n');
  });

  it('ends when its signal aborts, before the start and between two chunks', async () => {
    const aborted = AbortSignal.abort();
    const before = await client.generate({ prompt: '1+1', signal: aborted }).catch((thrown: unknown) => thrown);
    expect(before).to.equal(aborted.reason);

    const controller = new AbortController();
    const texts: string[] = [];
    let between: unknown;
    try {
      for await (const { text } of client.stream({ prompt: '5 km to miles', signal: controller.signal })) {
        texts.push(text);
        controller.abort();
      }
    } catch (error) {
      between = error;
    }
    expect(texts).to.deep.equal(['3.106856']);
    expect(between).to.equal(controller.signal.reason).and.have.property('name', 'AbortError');
  });

  it('answers any text or throws ModelUnavailableError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (prompt) => {
        try {
          expect((await client.generate({ prompt })).text).to.not.equal('');
        } catch (error) {
          expect(error).to.be.instanceOf(ModelUnavailableError);
        }
      }),
    );
  });

  it('records metrics', async () => {
    const graph = 'embedded-client-spec';
    await client.generate({ prompt: '1+1', graph });
    for await (const { text } of client.stream({ prompt: '1+2', graph })) expect(text).to.equal('3');
    await client.generate({ prompt: 'hello', graph }).catch(() => undefined);
    expect(await graphSamples(graph)).to.include({
      'tinyllm_requests_total model="embedded" request_type="generate"': 2,
      'tinyllm_requests_total model="embedded" request_type="stream"': 1,
      'tinyllm_tokens_output_total model="embedded"': 2,
      'tinyllm_errors_total error_type="ModelUnavailableError" model="embedded"': 1,
      'tinyllm_active_requests model="embedded"': 0,
    });
  });
});

describe('tokensOf', () => {
  it('splits a text into words, numbers and punctuation marks', () => {
    expect(tokensOf('3.1 miles, please')).to.deep.equal(['3.1', ' miles', ',', ' please']);
    expect(tokensOf('What is 2+2?')).to.deep.equal(['What', ' is', ' 2', '+', '2', '?']);
    expect(tokensOf('')).to.deep.equal([]);
  });

  it('loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(tokensOf(text).join('')).to.equal(text);
      }),
    );
  });
});
