import { expect } from 'chai';
import { unreachable } from '../../../lib/core/providers/call-errors.js';
import { ChatLog } from '../../../lib/executor/chat-server/chat-log.js';
import { runErrorResponse } from '../../../lib/executor/chat-server/run-error-response.js';
import { CircuitOpenError } from '../../../lib/executor/errors/model-client-errors.js';
import { statusError } from '../../../lib/executor/models/http/status-error.js';
import { ollamaFacts } from '../../../lib/executor/models/ollama/ollama-facts.js';

const call = ollamaFacts('http://host', 'tiny');

/** The error for a response that repeats the prompt. */
function repeated(status: number): Promise<Error> {
  return statusError(call, new Response('{"error":"this model rejects: Why?"}', { status }));
}

function circuitOpen(lastFailure: Error): CircuitOpenError {
  const message = `The circuit breaker is open; the last failure: ${lastFailure.message}`;
  return new CircuitOpenError(message, { provider: 'ollama', model: 'tiny' }, lastFailure);
}

/** The log field of a failed request. */
function logged(error: Error, logPrompts = false): unknown {
  const lines: object[] = [];
  const write = (facts: object) => void lines.push(facts);
  const log = new ChatLog({ info: write, warn: write, error: write }, logPrompts, { id: 'r-1', path: 'POST /' });
  const rejection = runErrorResponse(error);
  log.failed(error, rejection);
  log.end(rejection.status, true);
  return (lines[0] as { readonly error?: unknown }).error;
}

describe('ChatLog', () => {
  for (const status of [400, 401, 403, 404, 408, 425, 429, 500, 502, 503, 504]) {
    it(`does not log the text of a model server that answers ${status}, unless prompts are logged`, async () => {
      const error = await repeated(status);
      for (const failure of [error, circuitOpen(error)]) {
        expect(JSON.stringify(logged(failure)))
          .to.include(error.name)
          .and.not.to.include('Why?');
        expect(logged(failure, true)).to.include({ message: failure.message });
      }
    });
  }

  it('logs the name and the status of an error instead of its message', async () => {
    const error = await repeated(429);
    const facts = { name: 'ModelRateLimitError', status: 429 };
    expect(logged(error)).to.deep.equal(facts);
    expect(logged(circuitOpen(error))).to.deep.equal({ name: 'CircuitOpenError', lastFailure: facts });
  });

  it('logs the message if the model server did not respond', () => {
    const error = unreachable(call, Object.assign(new Error('Why?'), { code: 'ECONNREFUSED' }));
    const facts = { name: 'ModelUnavailableError', message: error.message };
    expect(error.message).to.include('ECONNREFUSED');
    expect(logged(error)).to.deep.equal(facts);
    const open = circuitOpen(error);
    expect(logged(open)).to.deep.equal({ name: 'CircuitOpenError', message: open.message, lastFailure: facts });
  });
});
