import { expect } from 'chai';
import { type ObservedRequest, RequestCalls } from '../../../lib/core/recording/request-calls.js';
import { requestCounts } from '../../support/request-counts.js';
import { freshGraph } from '../../support/shared-scrape.js';

const usage = { inputTokens: 12, outputTokens: 34 };
const late = new DOMException('late', 'TimeoutError');

describe('RequestCalls', () => {
  const setUp = (request: Partial<ObservedRequest> = {}) => {
    const graph = freshGraph();
    const calls = new RequestCalls({ graph, classifyError: (error) => `my ${(error as Error).name}` });
    const begin = () => calls.begin({ model: 'm', requestType: 'generate', self: undefined, args: [], ...request });
    return { begin, counts: () => requestCounts(graph) };
  };
  const ended = { 'requests m generate': 1, 'active m': 0, 'timed m': 1, 'input m': 0, 'output m': 0 };

  it('marks a request as active until it ends', async () => {
    const { begin, counts } = setUp();
    begin();
    expect(await counts()).to.deep.include({ 'requests m generate': 1, 'active m': 1 });
    expect((await counts())['timed m'] ?? 0).to.equal(0);
  });

  it('records a result', async () => {
    const { begin, counts } = setUp();
    begin().succeeded({ usage, finishReason: 'length' });
    expect(await counts()).to.deep.equal({ ...ended, 'finished m length': 1, 'input m': 12, 'output m': 34 });
  });

  it('records a response that has already been read', async () => {
    const { begin, counts } = setUp();
    begin().answered({ usage, finishReason: 'tool_calls' });
    expect(await counts()).to.deep.equal({ ...ended, 'finished m tool_calls': 1, 'input m': 12, 'output m': 34 });
    begin().answered({ errorType: 'ModelServerError' });
    expect(await counts()).to.deep.include({ 'finished m error': 1, 'errors ModelServerError m': 1 });
  });

  it('records a failure, a timeout and an abandoned request', async () => {
    const { begin, counts } = setUp();
    begin().failed(new RangeError('no'));
    begin().failed(late);
    begin().abandoned();
    expect(await counts()).to.deep.include({
      ...{ 'finished m error': 1, 'errors my RangeError m': 1 },
      ...{ 'finished m timeout': 1, 'errors my TimeoutError m': 1 },
      ...{ 'finished m cancelled': 1, 'timed m': 3, 'active m': 0 },
    });
  });

  it('records an abort of a signal among the arguments', async () => {
    const { begin, counts } = setUp({ args: [{ signal: AbortSignal.abort('enough') }] });
    begin().failed('enough');
    expect(await counts()).to.deep.equal({ ...ended, 'finished m cancelled': 1 });
  });

  it('records a stream to its end, and an abort of a signal during the stream', async () => {
    const controller = new AbortController();
    const { begin, counts } = setUp({ args: [controller], requestType: 'stream' });
    const [first, second] = [begin().startStream(), begin().startStream()];
    first.chunk('Four');
    first.end({ usage });
    controller.abort();
    second.chunk('Four');
    expect(await counts()).to.deep.include({
      ...{ 'requests m stream': 2, 'timed m': 2, 'active m': 0, 'input m': 12, 'output m': 34, 'first m': 1 },
      ...{ 'finished m stop': 1, 'finished m cancelled': 1 },
    });
  });

  it('labels a request to an unknown model, and computes the graph from the model and the arguments', async () => {
    const graph = freshGraph();
    const calls = new RequestCalls({ graph: (self: { graph: string }, [name]: string[]) => self.graph + name });
    calls
      .begin({ model: undefined, requestType: 'embed', self: { graph: `${graph}-` }, args: ['a'] })
      .succeeded('Four');
    expect(await requestCounts(`${graph}-a`)).to.include({ 'requests unknown embed': 1, 'finished unknown stop': 1 });
  });
});
