import { expect } from 'chai';
import { anthropic, gemini, ollama, openaiChat, openaiResponses } from 'tinyllm/recording';
import { endpointOf } from '../../../lib/proxy/observation/endpoints.js';

describe('endpointOf', () => {
  for (const [target, reader] of [
    ['/api/generate', ollama],
    ['/api/chat', ollama],
    ['/api/chat?x=/v1/models', ollama],
    ['/ollama/api/chat/', ollama],
    ['/api/embed', ollama],
    ['/api/embeddings', ollama],
    ['/v1/chat/completions', openaiChat],
    ['http://host/v1/completions', openaiChat],
    ['/openai/v1/embeddings#part', openaiChat],
    ['/v1beta/openai/chat/completions', openaiChat],
    ['/openai/deployments/gpt/chat/completions?api-version=1', openaiChat],
    ['/api/v1/responses', openaiResponses],
    ['/v1/messages', anthropic],
    ['/anthropic/v1/messages?beta=true', anthropic],
    ['/v1/messages/count_tokens', anthropic],
    ['/v1beta/models/gemini-2.5-flash:generateContent', gemini],
    ['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse', gemini],
  ] as const) {
    it(`recognizes ${target}`, () => expect(endpointOf('POST', target)?.reader).to.equal(reader));
  }

  it('reads the model from the path', () => {
    expect(endpointOf('POST', '/v1beta/models/gemini-2.5-flash:embedContent')?.model).to.equal('gemini-2.5-flash');
    expect(endpointOf('POST', '/openai/deployments/my%20gpt/embeddings')?.model).to.equal('my gpt');
    expect(endpointOf('POST', '/openai/deployments/100%/embeddings')?.model).to.equal('100%');
    expect(endpointOf('POST', '/v1/embeddings')?.model).to.equal(undefined);
  });

  it('names the API', () => {
    const targets = ['/api/chat', '/v1/responses', '/v1/embeddings', '/v1/messages/count_tokens'];
    const gemini = ['/v1beta/models/m:embedContent', '/v1beta/openai/chat/completions'];
    const providers = [...targets, ...gemini].map((target) => endpointOf('POST', target)?.provider);
    expect(providers).to.deep.equal(['ollama', 'openai', 'openai', 'anthropic', 'gemini', 'openai']);
  });

  it('returns the request type', () => {
    const types = ['/v1/messages', '/v1/messages/count_tokens', '/api/embed', '/v1beta/models/m:countTokens'].map(
      (target) => endpointOf('POST', target)?.requestType,
    );
    expect(types).to.deep.equal(['ask', 'count_tokens', 'embed', 'count_tokens']);
  });

  for (const target of [
    ...['/', '*', '', '/api/tags', '/api/pull', '/v1/models', '/v1/responses/r1', '/v1/chat', '/v1/embed'],
    ...['/api/chat/completions', '/api/generate/x', '/chat?/api/chat', '/v1/responses/r1/cancel', '/xv1/responses'],
    ...['/v1/messages/batches', '/v1beta/models/m:unknown', '/v1/constructor', '/api/constructor'],
  ]) {
    it(`ignores ${JSON.stringify(target)}`, () => expect(endpointOf('POST', target)).to.equal(undefined));
  }

  it('ignores other methods', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(endpointOf(method, '/api/chat')).to.equal(undefined);
  });

  it('knows which endpoints stream by default', () => {
    const streaming = ['/api/chat', '/api/generate', '/api/embed', '/v1/chat/completions', '/v1/responses'].filter(
      (target) => endpointOf('POST', target)?.streamsByDefault,
    );
    expect(streaming).to.deep.equal(['/api/chat', '/api/generate']);
  });
});
