import { expect } from 'chai';
import { isApiPromise, watchApiPromise } from '../../../lib/core/recording/watch-api-promise.js';

interface Answer {
  readonly response: string;
}

/** A test double for the promise of OpenAI's and Anthropic's clients, which parses when its value is requested. */
class Request extends Promise<unknown> {
  parses = 0;

  static override get [Symbol.species]() {
    return Promise;
  }

  constructor(
    public responsePromise: Promise<Answer>,
    public parseResponse: (client: string, answer: Answer) => Promise<unknown> = async (client, { response }) => {
      this.parses++;
      return `${client} read ${response}`;
    },
  ) {
    super((resolve) => resolve(null));
  }

  // biome-ignore lint/suspicious/noExplicitAny: the types of the callbacks are those of the caller
  override then(onFulfilled?: any, onRejected?: any): any {
    return this.#parse().then(onFulfilled, onRejected);
  }

  asResponse(): Promise<unknown> {
    return this.responsePromise.then(({ response }) => response);
  }

  async withResponse(): Promise<unknown[]> {
    return Promise.all([this.#parse(), this.asResponse()]);
  }

  #parse(): Promise<unknown> {
    return this.responsePromise.then((answer) => this.parseResponse('client', answer));
  }
}

describe('the lazily parsing promise of a client', () => {
  const answered = () => Promise.resolve({ response: 'four' });
  const watch = (request: Request) => {
    const seen: unknown[] = [];
    watchApiPromise(request as never, {
      succeed: (value) => seen.push(value),
      fail: (error) => seen.push(['failed', error]),
    });
    return seen;
  };
  const caught = (promise: Promise<unknown>) => promise.then(() => 'no error').catch((error: unknown) => error);

  it('is recognized by its members', () => {
    expect(isApiPromise(new Request(answered()))).to.equal(true);
    for (const lacking of ['responsePromise', 'parseResponse', 'asResponse']) {
      expect(isApiPromise(Object.assign(new Request(answered()), { [lacking]: {} })), lacking).to.equal(false);
    }
    expect(isApiPromise(Promise.resolve())).to.equal(false);
  });

  it('reports the parsed value when it is requested, and returns it', async () => {
    const request = new Request(answered());
    const seen = watch(request);
    await answered();
    expect([seen, request.parses]).to.deep.equal([[], 0]);
    expect(await request.then((value: unknown) => value)).to.equal('client read four');
    expect(seen).to.deep.equal(['client read four']);
  });

  it('reports a failed request with the same error, for each method of the promise', async () => {
    for (const meet of [
      (request: Request) => request.then(),
      (request: Request) => request.asResponse(),
      (request: Request) => request.withResponse(),
    ]) {
      const failure = new RangeError('refused');
      const request = new Request(Promise.reject(failure));
      const seen = watch(request);
      expect(await caught(meet(request))).to.equal(failure);
      expect(seen[0]).to.deep.equal(['failed', failure]);
    }
  });

  it('reports a response that cannot be parsed, with the same error', async () => {
    const failure = new SyntaxError('no JSON');
    const request = new Request(answered(), () => Promise.reject(failure));
    const seen = watch(request);
    expect(await caught(request.then())).to.equal(failure);
    expect(seen).to.deep.equal([['failed', failure]]);
  });

  it('ends with the bare response if its content is not requested', async () => {
    const request = new Request(answered());
    const seen = watch(request);
    expect(await request.asResponse()).to.equal('four');
    expect([seen, request.parses]).to.deep.equal([['four'], 0]);
    expect(Object.keys(request)).not.to.include('asResponse');
  });

  it('ends with the parsed value if both are requested', async () => {
    const request = new Request(answered());
    const seen = watch(request);
    expect(await request.withResponse()).to.deep.equal(['client read four', 'four']);
    expect(seen).to.deep.equal(['client read four']);
  });
});
