import { expect } from 'chai';
import { asModelError, brokenAnswer, unreachable } from '../../../lib/core/providers/call-errors.js';
import { errorFacts } from '../../../lib/core/providers/call-facts.js';

const call = {
  provider: 'ollama',
  name: 'Ollama',
  url: 'http://host:11434',
  setting: 'OLLAMA_HOST',
  usualPort: 11434,
  whenAbsent: 'start it',
  whenOther: 'check the port',
  whenMissing: (model: string) => `pull ${model}`,
  whenLocked: 'set a key',
  secret: 'k1',
  model: 'm',
};
const coded = (code: unknown) => Object.assign(new Error('no'), { code });
const fetchError = (cause: unknown) => new TypeError('fetch failed', { cause });

describe('errors of calls', () => {
  it('unreachable states the code of the innermost cause, and what to do', () => {
    const cause = fetchError(coded('ECONNREFUSED'));
    const error = unreachable(call, cause);
    expect(error.name).to.equal('ModelUnavailableError');
    expect(error.message).to.equal('Ollama does not respond at http://host:11434 (ECONNREFUSED); start it.');
    expect(error).to.include({ cause, provider: 'ollama', model: 'm' });
  });

  it('unreachable states the message, without the secret, if there is no code', () => {
    expect(unreachable(call, fetchError(new Error('bad\nkey k1.'))).message).to.contain('(bad key ***)');
    expect(unreachable(call, coded(7)).message).to.contain('(no)');
    expect(unreachable(call, 'gone').message).to.contain('(gone)');
    expect(unreachable(call, { message: 7 }).message).to.contain('([object Object])');
    expect(unreachable(call, null).message).to.contain('(null)');
  });

  it('unreachable is a protocol error if the connection broke before the response', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'HPE_INVALID_CONSTANT', 'UND_ERR_SOCKET']) {
      const error = unreachable(call, fetchError(coded(code)));
      expect(error.name).to.equal('ModelProtocolError');
      expect(error.message).to.equal(`Ollama at http://host:11434 sent no response (${code}); check the port.`);
    }
    for (const code of ['UND_ERR_CONNECT_TIMEOUT', 'XECONNRESET', 'ECONNRESETS', 'HPE_', 'UND_ERR_', 'HPE_a-b']) {
      expect(unreachable(call, coded(code)).name, code).to.equal('ModelUnavailableError');
    }
  });

  it('unreachable explains ports that HTTP clients reject', () => {
    const cause = fetchError(new Error('bad port'));
    const error = unreachable(call, cause);
    expect(error).to.include({ name: 'ModelUnavailableError', cause, provider: 'ollama' });
    expect(error.message).to.equal(
      'OLLAMA_HOST is http://host:11434, whose port is reserved for another protocol, so no HTTP client connects to it; expected another port, such as 11434.',
    );
  });

  it('brokenAnswer is a protocol error, with a cause if there is one', () => {
    const error = brokenAnswer(call, 'sent no JSON');
    expect(error).to.include({ name: 'ModelProtocolError', model: 'm' });
    expect(error.message).to.equal('Ollama at http://host:11434 sent no JSON.');
    expect('cause' in error).to.equal(false);
    expect(brokenAnswer(call, 'sent no JSON', 'x').cause).to.equal('x');
  });

  it('asModelError returns TinyLLM errors unchanged, even if a client library wrapped them', () => {
    const own = brokenAnswer(call, 'sent no JSON');
    expect(asModelError(call, own)).to.equal(own);
    let wrapped: Error = own;
    for (let depth = 1; depth < 5; depth++) {
      wrapped = new Error('wrapped', { cause: wrapped });
      expect(asModelError(call, wrapped)).to.equal(own);
    }
    expect(asModelError(call, new Error('wrapped', { cause: wrapped }))).to.not.equal(own);
  });

  it('asModelError treats other errors as a broken response', () => {
    const cause = fetchError(coded('ECONNRESET'));
    const error = asModelError(call, cause);
    expect(error).to.include({ name: 'ModelProtocolError', cause });
    expect(error.message).to.equal('Ollama at http://host:11434 sent an incomplete or invalid response (ECONNRESET).');
    expect(asModelError(call, undefined).message).to.contain('(undefined)');
  });

  it('errorFacts omits an unknown model', () => {
    const { model, ...server } = call;
    expect(errorFacts(server)).to.deep.equal({ provider: 'ollama' });
    expect(errorFacts(call, { status: 404 })).to.deep.equal({ provider: 'ollama', model, status: 404 });
  });
});
