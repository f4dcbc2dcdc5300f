import { expect } from 'chai';
import { endpointOf } from '../../../lib/proxy/observation/endpoints.js';

describe('endpointOf', () => {
  for (const [target, api] of [
    ['/api/generate', 'ollama'],
    ['/api/chat', 'ollama'],
    ['/api/chat?x=/v1/models', 'ollama'],
    ['/ollama/api/chat/', 'ollama'],
    ['/api/embed', 'ollama'],
    ['/api/embeddings', 'ollama'],
    ['/v1/chat/completions', 'openai'],
    ['http://host/v1/completions', 'openai'],
    ['/openai/v1/embeddings#part', 'openai'],
    ['/api/v1/responses', 'responses'],
  ] as const) {
    it(`knows ${target}`, () => expect(endpointOf('POST', target)?.api).to.equal(api));
  }

  for (const target of [
    ...['/', '*', '', '/api/tags', '/api/pull', '/v1/models', '/v1/responses/r1', '/v1/chat', '/v1/embed'],
    ...['/api/chat/completions', '/api/generate/x', '/chat?/api/chat', '/v1/responses/r1/cancel', '/xv1/responses'],
  ]) {
    it(`leaves ${JSON.stringify(target)} alone`, () => expect(endpointOf('POST', target)).to.equal(undefined));
  }

  it('leaves other methods alone', () => {
    for (const method of ['GET', 'HEAD', 'OPTIONS']) expect(endpointOf(method, '/api/chat')).to.equal(undefined);
  });

  it('knows what streams when it is not told', () => {
    const streaming = ['/api/chat', '/api/generate', '/api/embed', '/v1/chat/completions', '/v1/responses'].filter(
      (target) => endpointOf('POST', target)?.streamsByDefault,
    );
    expect(streaming).to.deep.equal(['/api/chat', '/api/generate']);
  });
});
