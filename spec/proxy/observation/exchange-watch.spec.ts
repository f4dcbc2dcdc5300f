import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { AnswerHead } from '../../../lib/proxy/forwarding/exchange-observer.js';
import { asked, Watching } from './corpus/replay.js';
import { samplesOf } from './corpus/samples.js';

const chat = '/api/chat';
const question = '{"model":"tiny"}';
const word = '{"model":"tiny","message":{"role":"assistant","content":"a"},"done":false}\n';
const last = '{"model":"tiny","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}\n';
const lines: AnswerHead = { status: 200, headers: { 'content-type': 'application/x-ndjson' } };
const { begun, finished, failed, firstToken, gaps, perToken } = samplesOf('tiny');

/** An error like those of Node's sockets and undici. */
function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('ExchangeWatch', () => {
  let watching: Watching;

  beforeEach(() => {
    watching = new Watching();
  });

  function active(): string[] {
    return watching.counted().filter((line) => line.startsWith('tinyllm_active_requests'));
  }

  it('counts a request as active from the end of its body to the end of the exchange', () => {
    const observer = watching.begin(chat);
    observer.requestData(Buffer.from(question));
    expect(active()).to.deep.equal([]);
    observer.requestEnd();
    const inFlight = ['tinyllm_active_requests{model="tiny",graph="proxy"} 1'];
    expect(active()).to.deep.equal(inFlight);
    observer.answered(lines);
    observer.answerData(Buffer.from(word + last));
    expect(active()).to.deep.equal(inFlight);
    observer.ended('complete');
    expect(active()).to.deep.equal([]);
  });

  it('settles once, and ignores later events', () => {
    const observer = asked(watching, chat, question);
    observer.ended('client-left');
    const settled = watching.text();
    observer.requestData(Buffer.from(question));
    observer.requestEnd();
    observer.answered(lines);
    observer.answerData(Buffer.from(word));
    observer.ended('complete');
    expect(watching.text()).to.equal(settled);
    expect(watching.counted()).to.have.members([...begun('stream'), finished('cancelled')]);
  });

  it('measures durations from the request, and inter-token latencies between chunks', () => {
    const observer = asked(watching, chat, question);
    observer.answered(lines);
    observer.answerData(Buffer.from(word + word + word + last));
    observer.ended('complete');
    const text = watching.text();
    expect(text).to.include('tinyllm_time_to_first_token_seconds_sum{model="tiny",graph="proxy"} 0.02\n');
    expect(text).to.include('tinyllm_inter_token_latency_seconds_sum{model="tiny"} 0.04\n');
    expect(text).to.include('tinyllm_request_latency_seconds_sum{model="tiny",graph="proxy"} 0.08\n');
  });

  describe('with a client that disconnects', () => {
    it('counts a cancellation, and the output so far', () => {
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(word + word));
      observer.ended('client-left');
      expect(watching.counted()).to.have.members([
        ...[...begun('stream'), finished('cancelled'), firstToken, gaps(1), perToken],
      ]);
    });

    it('counts an incomplete request under the model that it named', () => {
      const observer = watching.begin(chat);
      observer.requestData(Buffer.from('{"model":"tiny","prompt":"a'));
      observer.ended('client-left');
      expect(watching.counted()).to.have.members([...begun('stream'), finished('cancelled')]);
    });

    it('counts a response as answered if the client disconnects after the finish reason', () => {
      const observer = asked(watching, '/v1/chat/completions', '{"model":"tiny","stream":true}');
      observer.answered({ status: 200, headers: { 'content-type': 'text/event-stream' } });
      observer.answerData(Buffer.from('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}\n\n'));
      observer.ended('client-left');
      expect(watching.counted()).to.include(finished('length'));
    });

    it('counts a complete response as answered', () => {
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(word + last));
      observer.ended('client-left');
      expect(watching.counted()).to.include(finished('stop'));
    });
  });

  describe('with a failed upstream', () => {
    const cases: readonly (readonly [title: string, error: unknown, errorType: string])[] = [
      ['that cannot be reached', coded('ECONNREFUSED'), 'ModelUnavailableError'],
      ['that closes the connection before a response', coded('ECONNRESET'), 'ModelProtocolError'],
      ['that takes too long to connect', coded('UND_ERR_CONNECT_TIMEOUT'), 'timeout'],
      ['that takes too long to respond', new Error('failed', { cause: coded('UND_ERR_HEADERS_TIMEOUT') }), 'timeout'],
      ['for unknown reasons', undefined, 'ModelUnavailableError'],
    ];
    for (const [title, error, errorType] of cases) {
      it(`counts an upstream ${title}`, () => {
        asked(watching, chat, question).ended('upstream-failed', error);
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed(errorType)]);
      });

      it(`counts an upstream ${title} as the same error if the proxy has sent an error response`, () => {
        const observer = asked(watching, chat, question);
        observer.answered({ status: 502, headers: { 'content-type': 'application/json' } });
        observer.answerData(Buffer.from('{"error":"bad gateway"}'));
        observer.ended('upstream-failed', error);
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed(errorType)]);
      });
    }

    it('counts an error that cannot be inspected as unknown', () => {
      const error = new Proxy({}, { get: () => expect.fail() });
      asked(watching, chat, question).ended('upstream-failed', error);
      expect(watching.counted()).to.include.members([...begun('stream'), ...failed('unknown')]);
    });

    for (const [title, error] of [
      ['', coded('ECONNRESET')],
      [', for unknown reasons', undefined],
    ] as const) {
      it(`counts an incomplete response as a protocol error${title}`, () => {
        const observer = asked(watching, chat, question);
        observer.answered(lines);
        observer.answerData(Buffer.from(word));
        observer.ended('upstream-failed', error);
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed('ModelProtocolError'), firstToken]);
      });
    }
  });

  it('ignores informational responses', () => {
    const observer = asked(watching, chat, question);
    observer.answered({ status: 103, headers: {} });
    observer.answered(lines);
    observer.answerData(Buffer.from(word + last));
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('stream'), finished('stop'), firstToken]);
  });

  it('prefers the model of the request to the model of an early response', () => {
    const observer = watching.begin(chat);
    observer.requestData(Buffer.from('{"model":"tiny","messages":['));
    observer.answered(lines);
    observer.answerData(Buffer.from((word + last).replaceAll('tiny', 'another')));
    observer.requestData(Buffer.from(']}'));
    observer.requestEnd();
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('stream'), finished('stop'), firstToken]);
  });

  it('treats embeddings as a complete response, whatever the request says', () => {
    const observer = asked(watching, '/api/embed', '{"model":"tiny","stream":true}');
    observer.answered({ status: 200, headers: { 'content-type': 'application/json' } });
    observer.answerData(Buffer.from('{\n"embeddings": []\n}'));
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('embed'), finished('stop')]);
  });

  describe('with an error response', () => {
    const cases: readonly (readonly [status: number, body: string, errorType: string])[] = [
      [400, '{"error":"no prompt"}', 'ModelRequestError'],
      [401, '', 'ModelAccessError'],
      [404, '<html>', 'ModelProtocolError'],
      [404, '{"error":{"message":"The model `tiny` does not exist"}}', 'ModelNotFoundError'],
      [429, '', 'ModelRateLimitError'],
      [500, '{"error":"CUDA"}', 'ModelServerError'],
      [503, '', 'ModelUnavailableError'],
    ];
    for (const [status, body, errorType] of cases) {
      it(`counts ${status} ${body} like TinyLLM's own clients`, () => {
        const observer = asked(watching, chat, question);
        observer.answered({ status, headers: {} });
        observer.answerData(Buffer.from(body));
        observer.ended('complete');
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed(errorType)]);
      });
    }

    it('does not count a redirect as an error', () => {
      const observer = asked(watching, chat, question);
      observer.answered({ status: 307, headers: { location: '/api/chat' } });
      observer.ended('complete');
      expect(watching.counted()).to.have.members([...begun('stream'), finished('other')]);
    });
  });

  describe('with a request that the proxy rejects', () => {
    it('records no request if the proxy rejected it before it forwarded anything', () => {
      const observer = watching.begin(chat);
      observer.answered({ status: 429, headers: {} });
      observer.ended('refused');
      expect(watching.counted()).to.deep.equal([]);
    });

    it('records an error if the proxy had already forwarded it', () => {
      const observer = asked(watching, chat, question);
      observer.answered({ status: 503, headers: {} });
      observer.ended('refused');
      expect(watching.counted()).to.have.members([...begun('stream'), ...failed('ModelUnavailableError')]);
    });
  });

  describe('with a request without a model', () => {
    for (const [title, body, counted] of [
      ['because the body contains none', '{"messages":[]}', []],
      ['because it is empty', '{"model":""}', []],
      [
        'because the body is not JSON',
        'model=tiny',
        ['tinyllm_proxy_uninspected_total{body="request",reason="unreadable"} 1'],
      ],
    ] as const) {
      it(`takes the model from the response, ${title}`, () => {
        const observer = asked(watching, chat, body);
        observer.answered(lines);
        observer.answerData(Buffer.from(word + last));
        observer.ended('complete');
        expect(watching.counted()).to.have.members([...begun('stream'), finished('stop'), firstToken, ...counted]);
      });
    }

    it('uses the model unknown if the response names none either', () => {
      const observer = asked(watching, '/v1/chat/completions', '{}');
      observer.answered({ status: 400, headers: {} });
      observer.answerData(Buffer.from('{"error":{"message":"No model"}}'));
      observer.ended('complete');
      const unknown = samplesOf('unknown');
      expect(watching.counted()).to.have.members([
        ...[...unknown.begun('generate'), ...unknown.failed('ModelRequestError')],
      ]);
    });
  });

  it('reads lines that are declared as plain JSON, and a complete response to a request for a stream', () => {
    const observer = asked(watching, chat, question);
    observer.answered({ status: 200, headers: { 'content-type': 'application/json' } });
    observer.answerData(Buffer.from(word + last));
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('stream'), finished('stop'), firstToken]);
    const whole = asked(watching, '/v1/chat/completions', '{"model":"tiny","stream":true}');
    whole.answered({ status: 200, headers: { 'content-type': 'application/json' } });
    whole.answerData(Buffer.from('{"choices":[{"message":{"content":"a"},"finish_reason":"length"}]}'));
    whole.ended('complete');
    expect(watching.counted()).to.include(finished('length'));
  });

  it('counts a successful response in another format as a protocol error', () => {
    const observer = asked(watching, chat, '{"model":"tiny","stream":false}');
    observer.answered({ status: 200, headers: { 'content-type': 'text/html' } });
    observer.answerData(Buffer.from('<html>'));
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('generate'), ...failed('ModelProtocolError')]);
  });

  describe('with bodies beyond the limit', () => {
    const tooLarge = (body: string): string => `tinyllm_proxy_uninspected_total{body="${body}",reason="too_large"} 1`;

    beforeEach(() => {
      watching = new Watching({ inspectLimit: 200 });
    });

    it('takes the model from the response if it was not read from the request', () => {
      const long = `"prompt":"${'a'.repeat(300)}"`;
      for (const body of [`{${long},"model":"other"}`, `{"model":"tiny",${long}}`]) {
        const observer = watching.begin(chat);
        for (let at = 0; at < body.length; at += 50) observer.requestData(Buffer.from(body.slice(at, at + 50)));
        observer.requestEnd();
        observer.answered(lines);
        observer.answerData(Buffer.from(word + last));
        observer.ended('complete');
      }
      expect(watching.counted()).to.include.members([
        'tinyllm_requests_total{model="tiny",graph="proxy",request_type="stream"} 2',
        tooLarge('request').replace(/1$/, '2'),
      ]);
    });

    it('stops inspecting a response, and does not guess how it ended', () => {
      const observer = asked(watching, '/v1/embeddings', question);
      observer.answered({ status: 200, headers: { 'content-type': 'application/json' } });
      for (let piece = 0; piece < 100; piece++) observer.answerData(Buffer.from(piece === 0 ? '{"data":[0' : ',0.5'));
      observer.answerData(Buffer.from('],"usage":{"prompt_tokens":5}}'));
      observer.ended('complete');
      expect(watching.counted()).to.have.members([...begun('embed'), finished('other'), tooLarge('answer')]);
    });

    it('skips a line, and reads the other lines', () => {
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(word));
      for (let piece = 0; piece < 100; piece++) observer.answerData(Buffer.from('long long'));
      observer.answerData(Buffer.from(`\n${word}${last}`));
      observer.ended('complete');
      expect(watching.counted()).to.have.members([
        ...[...begun('stream'), finished('stop'), firstToken, gaps(1), perToken, tooLarge('answer')],
      ]);
    });

    it('does not guess how a stream ended if its end was in a skipped line', () => {
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(`${word}${last.replace('{', `{"context":[${'1,'.repeat(200)}1],`)}`));
      observer.ended('complete');
      expect(watching.counted()).to.have.members([
        ...[...begun('stream'), finished('other'), firstToken, tooLarge('answer')],
      ]);
    });
  });

  describe('with a used-up memory budget', () => {
    const unseen = (body: string): string => `tinyllm_proxy_uninspected_total{body="${body}",reason="memory"} 1`;

    it('stops inspecting a response that needs more memory, and returns the memory at its end', () => {
      watching = new Watching({ inspectMemory: 100_000 });
      const holding = asked(watching, chat, question);
      holding.answered(lines);
      const piece = word.slice(0, -2) + ',"context":['.padEnd(60_000, '1');
      holding.answerData(Buffer.from(piece));
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(piece));
      observer.ended('complete');
      expect(watching.counted()).to.include.members([finished('other'), unseen('answer')]);
      holding.ended('client-left');
      const later = asked(watching, chat, question);
      later.answered(lines);
      later.answerData(Buffer.from(word + last));
      later.ended('complete');
      expect(watching.counted()).to.include.members([finished('stop'), unseen('answer')]);
    });

    it('does not inspect a compressed request, and takes the model from the response', () => {
      watching = new Watching({ inspectMemory: 1_000 });
      const observer = watching.begin(chat, { 'content-encoding': 'gzip' });
      observer.requestData(gzipSync(question));
      observer.requestEnd();
      observer.answered(lines);
      observer.answerData(Buffer.from(word + last));
      observer.ended('complete');
      expect(watching.counted()).to.include.members([...begun('stream'), finished('stop'), unseen('request')]);
    });
  });

  it('reads at most 1,024 characters of a model name, and uses at most 256 in its label', () => {
    const observer = watching.begin('/v1/models/x:generateContent'.replace('x', 'a'.repeat(5_000)));
    observer.requestData(Buffer.from('{}'));
    observer.requestEnd();
    observer.ended('client-left');
    expect(watching.text()).to.include(`model="${'a'.repeat(256)}"`);
  });
});
