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

/** An error as Node's sockets and undici give them. */
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

  it('holds a request active from the end of its body to its end', () => {
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

  it('settles once, whatever comes afterwards', () => {
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

  it('takes times from the request on, and gaps from part to part', () => {
    const observer = asked(watching, chat, question);
    observer.answered(lines);
    observer.answerData(Buffer.from(word + word + word + last));
    observer.ended('complete');
    const text = watching.text();
    expect(text).to.include('tinyllm_time_to_first_token_seconds_sum{model="tiny",graph="proxy"} 0.02\n');
    expect(text).to.include('tinyllm_inter_token_latency_seconds_sum{model="tiny"} 0.04\n');
    expect(text).to.include('tinyllm_request_latency_seconds_sum{model="tiny",graph="proxy"} 0.08\n');
  });

  describe('of a client that left', () => {
    it('counts a cancellation, and what came until then', () => {
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(word + word));
      observer.ended('client-left');
      expect(watching.counted()).to.have.members([
        ...[...begun('stream'), finished('cancelled'), firstToken, gaps(1), perToken],
      ]);
    });

    it('counts one that left with its request half sent, by what it had named', () => {
      const observer = watching.begin(chat);
      observer.requestData(Buffer.from('{"model":"tiny","prompt":"a'));
      observer.ended('client-left');
      expect(watching.counted()).to.have.members([...begun('stream'), finished('cancelled')]);
    });

    it('counts one that left when it was told why the answer ends as answered', () => {
      const observer = asked(watching, '/v1/chat/completions', '{"model":"tiny","stream":true}');
      observer.answered({ status: 200, headers: { 'content-type': 'text/event-stream' } });
      observer.answerData(Buffer.from('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"length"}]}\n\n'));
      observer.ended('client-left');
      expect(watching.counted()).to.include(finished('length'));
    });

    it('counts an answer that was whole by then as answered', () => {
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(word + last));
      observer.ended('client-left');
      expect(watching.counted()).to.include(finished('stop'));
    });
  });

  describe('of an upstream that failed', () => {
    const cases: readonly (readonly [title: string, error: unknown, errorType: string])[] = [
      ['that was not there', coded('ECONNREFUSED'), 'ModelUnavailableError'],
      ['that broke off before it answered', coded('ECONNRESET'), 'ModelProtocolError'],
      ['that took too long to connect', coded('UND_ERR_CONNECT_TIMEOUT'), 'timeout'],
      ['that took too long to answer', new Error('failed', { cause: coded('UND_ERR_HEADERS_TIMEOUT') }), 'timeout'],
      ['for reasons not known', undefined, 'ModelUnavailableError'],
    ];
    for (const [title, error, errorType] of cases) {
      it(`counts one ${title}`, () => {
        asked(watching, chat, question).ended('upstream-failed', error);
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed(errorType)]);
      });

      it(`counts one ${title} the same when the proxy has said so to the client`, () => {
        const observer = asked(watching, chat, question);
        observer.answered({ status: 502, headers: { 'content-type': 'application/json' } });
        observer.answerData(Buffer.from('{"error":"bad gateway"}'));
        observer.ended('upstream-failed', error);
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed(errorType)]);
      });
    }

    it('counts an error that cannot be looked at as unknown', () => {
      const error = new Proxy({}, { get: () => expect.fail() });
      asked(watching, chat, question).ended('upstream-failed', error);
      expect(watching.counted()).to.include.members([...begun('stream'), ...failed('unknown')]);
    });

    for (const [title, error] of [
      ['', coded('ECONNRESET')],
      [', for reasons not known', undefined],
    ] as const) {
      it(`counts an answer that was cut as a breach of the protocol${title}`, () => {
        const observer = asked(watching, chat, question);
        observer.answered(lines);
        observer.answerData(Buffer.from(word));
        observer.ended('upstream-failed', error);
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed('ModelProtocolError'), firstToken]);
      });
    }
  });

  it('takes what comes before the answer for no answer', () => {
    const observer = asked(watching, chat, question);
    observer.answered({ status: 103, headers: {} });
    observer.answered(lines);
    observer.answerData(Buffer.from(word + last));
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('stream'), finished('stop'), firstToken]);
  });

  it('takes the model of the request before that of an answer that comes early', () => {
    const observer = watching.begin(chat);
    observer.requestData(Buffer.from('{"model":"tiny","messages":['));
    observer.answered(lines);
    observer.answerData(Buffer.from((word + last).replaceAll('tiny', 'another')));
    observer.requestData(Buffer.from(']}'));
    observer.requestEnd();
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('stream'), finished('stop'), firstToken]);
  });

  it('takes vectors for a whole answer, whatever the request says', () => {
    const observer = asked(watching, '/api/embed', '{"model":"tiny","stream":true}');
    observer.answered({ status: 200, headers: { 'content-type': 'application/json' } });
    observer.answerData(Buffer.from('{\n"embeddings": []\n}'));
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('embed'), finished('stop')]);
  });

  describe('of an answer that is no success', () => {
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
      it(`counts ${status} ${body} as our own clients do`, () => {
        const observer = asked(watching, chat, question);
        observer.answered({ status, headers: {} });
        observer.answerData(Buffer.from(body));
        observer.ended('complete');
        expect(watching.counted()).to.have.members([...begun('stream'), ...failed(errorType)]);
      });
    }

    it('counts a redirection, after which the client asks again, as no error', () => {
      const observer = asked(watching, chat, question);
      observer.answered({ status: 307, headers: { location: '/api/chat' } });
      observer.ended('complete');
      expect(watching.counted()).to.have.members([...begun('stream'), finished('other')]);
    });
  });

  describe('of a request the proxy refused', () => {
    it('counts nothing when none of it was passed on', () => {
      const observer = watching.begin(chat);
      observer.answered({ status: 429, headers: {} });
      observer.ended('refused');
      expect(watching.counted()).to.deep.equal([]);
    });

    it('counts an error when it was passed on before', () => {
      const observer = asked(watching, chat, question);
      observer.answered({ status: 503, headers: {} });
      observer.ended('refused');
      expect(watching.counted()).to.have.members([...begun('stream'), ...failed('ModelUnavailableError')]);
    });
  });

  describe('of a request that names no model', () => {
    for (const [title, body, counted] of [
      ['for there is none', '{"messages":[]}', []],
      ['for it is empty', '{"model":""}', []],
      ['for it is no JSON', 'model=tiny', ['tinyllm_proxy_uninspected_total{body="request",reason="unreadable"} 1']],
    ] as const) {
      it(`takes the model from the answer, ${title}`, () => {
        const observer = asked(watching, chat, body);
        observer.answered(lines);
        observer.answerData(Buffer.from(word + last));
        observer.ended('complete');
        expect(watching.counted()).to.have.members([...begun('stream'), finished('stop'), firstToken, ...counted]);
      });
    }

    it('says unknown when the answer names none either', () => {
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

  it('reads an answer of lines that are named plain JSON, and one that came whole though a stream was wanted', () => {
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

  it('counts a good answer that is not of the API as a breach of the protocol', () => {
    const observer = asked(watching, chat, '{"model":"tiny","stream":false}');
    observer.answered({ status: 200, headers: { 'content-type': 'text/html' } });
    observer.answerData(Buffer.from('<html>'));
    observer.ended('complete');
    expect(watching.counted()).to.have.members([...begun('generate'), ...failed('ModelProtocolError')]);
  });

  describe('of bodies beyond the limit', () => {
    const tooLarge = (body: string): string => `tinyllm_proxy_uninspected_total{body="${body}",reason="too_large"} 1`;

    beforeEach(() => {
      watching = new Watching({ inspectLimit: 200 });
    });

    it('takes the model of a request from its answer, if it was not read before', () => {
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

    it('leaves an answer, and does not guess how it ended', () => {
      const observer = asked(watching, '/v1/embeddings', question);
      observer.answered({ status: 200, headers: { 'content-type': 'application/json' } });
      for (let piece = 0; piece < 100; piece++) observer.answerData(Buffer.from(piece === 0 ? '{"data":[0' : ',0.5'));
      observer.answerData(Buffer.from('],"usage":{"prompt_tokens":5}}'));
      observer.ended('complete');
      expect(watching.counted()).to.have.members([...begun('embed'), finished('other'), tooLarge('answer')]);
    });

    it('leaves a line, and reads those around it', () => {
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

    it('does not guess how a stream ended whose end was in such a line', () => {
      const observer = asked(watching, chat, question);
      observer.answered(lines);
      observer.answerData(Buffer.from(`${word}${last.replace('{', `{"context":[${'1,'.repeat(200)}1],`)}`));
      observer.ended('complete');
      expect(watching.counted()).to.have.members([
        ...[...begun('stream'), finished('other'), firstToken, tooLarge('answer')],
      ]);
    });
  });

  describe('if all exchanges together have no memory left', () => {
    const unseen = (body: string): string => `tinyllm_proxy_uninspected_total{body="${body}",reason="memory"} 1`;

    it('leaves an answer that would need more, and gives the memory back at its end', () => {
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

    it('leaves a compressed request, and takes the model from the answer', () => {
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

  it('takes the first 1,024 characters of a model for its name, and 256 for its label', () => {
    const observer = watching.begin('/v1/models/x:generateContent'.replace('x', 'a'.repeat(5_000)));
    observer.requestData(Buffer.from('{}'));
    observer.requestEnd();
    observer.ended('client-left');
    expect(watching.text()).to.include(`model="${'a'.repeat(256)}"`);
  });
});
