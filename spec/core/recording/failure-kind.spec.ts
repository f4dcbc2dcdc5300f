import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { errorTypeOf, failureKind } from '../../../lib/core/recording/failure-kind.js';

class ModelError extends Error {}
class RequestAbortedError extends Error {}

describe('errorTypeOf', () => {
  it("is an error's class name, whatever its `name` is", () => {
    expect(errorTypeOf(new ModelError('no'))).to.equal('ModelError');
    expect(errorTypeOf(Object.assign(new ModelError('no'), { name: 'Other' }))).to.equal('ModelError');
    expect(errorTypeOf(new DOMException('no', 'DataCloneError'))).to.equal('DOMException');
  });

  it('knows an error of another realm, and one of a class without a name', () => {
    expect(errorTypeOf(runInNewContext('new TypeError("no")'))).to.equal('TypeError');
    expect(errorTypeOf(new (class extends Error {})('no'))).to.equal('Error');
  });

  it("is the error's own name if its class has none, and Error if neither has a name", () => {
    const without = (fields: object) => Object.assign(new Error('no'), { constructor: undefined }, fields);
    expect(errorTypeOf(without({ name: 'Mine' }))).to.equal('Mine');
    expect(errorTypeOf(without({ name: '' }))).to.equal('Error');
    expect(errorTypeOf(without({ name: 7 }))).to.equal('Error');
    expect(errorTypeOf(Object.assign(new Error('no'), { constructor: { name: '' }, name: 'Mine' }))).to.equal('Mine');
  });

  it('is the typeof of other values, and null for null', () => {
    const thrown = ['text', 7, true, undefined, {}, Symbol('s'), 1n, null];
    const types = ['string', 'number', 'boolean', 'undefined', 'object', 'symbol', 'bigint', 'null'];
    expect(thrown.map(errorTypeOf)).to.deep.equal(types);
  });
});

describe('failureKind', () => {
  it('recognizes a timeout by its name, code or cause', () => {
    for (const error of [
      new DOMException('late', 'TimeoutError'),
      Object.assign(new Error('late'), { name: 'TimeoutError' }),
      ...[
        'ETIMEDOUT',
        'ESOCKETTIMEDOUT',
        'UND_ERR_CONNECT_TIMEOUT',
        'UND_ERR_HEADERS_TIMEOUT',
        'UND_ERR_BODY_TIMEOUT',
      ].map((code) => Object.assign(new Error('late'), { code })),
      new (class APIConnectionTimeoutError extends Error {})('late'),
      new TypeError('fetch failed', { cause: Object.assign(new Error('late'), { code: 'UND_ERR_HEADERS_TIMEOUT' }) }),
    ]) {
      expect(failureKind(error)).to.equal('timeout');
    }
  });

  it('recognizes a cancellation by its name, code or class', () => {
    for (const error of [
      new DOMException('gone', 'AbortError'),
      Object.assign(new Error('gone'), { code: 'ABORT_ERR' }),
      new RequestAbortedError('gone'),
    ]) {
      expect(failureKind(error)).to.equal('cancelled');
    }
  });

  it('does not recognize errors that only resemble them', () => {
    class TimeoutErrorLike extends Error {}
    class AbortErrors extends Error {}
    for (const error of [
      new TimeoutErrorLike('late'),
      new AbortErrors('gone'),
      Object.assign(new Error('no'), { code: 'ECONNRESET' }),
      ...[null, undefined, 'TimeoutError', 7],
    ]) {
      expect(failureKind(error)).to.equal('error');
    }
    expect(failureKind(new (class AbortError extends Error {})('gone'))).to.equal('cancelled');
    expect(failureKind({ name: 'TimeoutError', constructor: undefined })).to.equal('timeout');
    expect(failureKind({ constructor: undefined })).to.equal('error');
  });

  it('searches a limited number of causes', () => {
    const under = (depth: number) => {
      let error: Error = new DOMException('late', 'TimeoutError');
      for (let level = 0; level < depth; level++) error = new Error('failed', { cause: error });
      return failureKind(error);
    };
    expect([under(1), under(4), under(5)]).to.deep.equal(['timeout', 'timeout', 'error']);
  });

  it('treats an error as a cancellation if its cause is the abort reason of a signal', () => {
    const signal = AbortSignal.abort('bored');
    expect(failureKind(new Error('failed', { cause: 'bored' }), [signal])).to.equal('cancelled');
    expect(failureKind(new DOMException('late', 'TimeoutError'), [signal])).to.equal('timeout');
    expect(failureKind(new Error('other'), [new AbortController().signal, AbortSignal.abort('x')])).to.equal('error');
    expect(failureKind('x', [new AbortController().signal, AbortSignal.abort('x')])).to.equal('cancelled');
  });

  it('classifies an abort by the reason of its signal', () => {
    const abort = new DOMException('gone', 'AbortError');
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    expect(failureKind(abort, [late])).to.equal('timeout');
    expect(failureKind('bored', [AbortSignal.abort('bored')])).to.equal('cancelled');
    expect(failureKind(new Error('other'), [AbortSignal.abort('bored')])).to.equal('error');
    expect(failureKind('bored', [new AbortController().signal])).to.equal('error');
  });

  it('finds the reason and the abort among causes, and among several signals', () => {
    const late = new DOMException('late', 'TimeoutError');
    const gone = new DOMException('gone', 'AbortError');
    const wrapped = (cause: unknown) => new Error('failed', { cause });
    expect(failureKind('x', [AbortSignal.abort(late), AbortSignal.abort('x')])).to.equal('cancelled');
    expect(failureKind(wrapped(gone), [AbortSignal.abort(late)])).to.equal('timeout');
    expect(failureKind('x', [AbortSignal.abort('x')])).to.equal('cancelled');
    const reason = wrapped(late);
    expect(failureKind(reason, [AbortSignal.abort(reason)])).to.equal('timeout');
    expect(failureKind(wrapped(gone))).to.equal('cancelled');
  });

  it('treats an error that mentions "abort" or "cancel" as a cancellation if a signal was aborted', () => {
    const aborted = [AbortSignal.abort('bored')];
    for (const message of ['Request was aborted.', 'Cancelled by the caller', 'The operation was ABORTED']) {
      expect(failureKind(new Error(message), aborted), message).to.equal('cancelled');
      expect(failureKind(new Error(message)), message).to.equal('error');
    }
    for (const message of ['unabortable', 'uncancelled', ['abort'], undefined]) {
      expect(failureKind({ message }, aborted), String(message)).to.equal('error');
    }
  });

  it('stops at circular causes', () => {
    const error = new Error('round');
    error.cause = error;
    expect(failureKind(error)).to.equal('error');
  });
});
