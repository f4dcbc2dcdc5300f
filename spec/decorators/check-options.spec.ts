import { expect } from 'chai';
import { DecoratorUsageError, TrackGraph, TrackNode, TrackRequest } from '../../lib/index.js';

describe('the options of a decorator', () => {
  const call =
    (decorator: unknown, ...args: unknown[]) =>
    () =>
      (decorator as (...given: unknown[]) => unknown)(...args);

  it('may be left out, and may be undefined', () => {
    for (const decorator of [TrackNode, TrackGraph, TrackRequest]) {
      expect(call(decorator)).not.to.throw();
      expect(call(decorator, { graph: undefined })).not.to.throw();
    }
  });

  it('are refused by name when they are unknown', () => {
    expect(call(TrackNode, { nodee: 'a' })).to.throw(
      DecoratorUsageError,
      '@TrackNode got an option "nodee"; expected any of graph, classifyError, isError, node.',
    );
    expect(call(TrackGraph, { model: 'a' })).to.throw(DecoratorUsageError, '"model"');
  });

  it('are refused when they are of the wrong type', () => {
    expect(call(TrackRequest, { model: 7 })).to.throw(
      DecoratorUsageError,
      '@TrackRequest got number for the option "model"; expected a string or a function.',
    );
    expect(call(TrackRequest, { usage: 'all' })).to.throw(DecoratorUsageError, 'expected a function.');
  });

  it('are missed when the decorator was not called', () => {
    for (const args of [[{}, 'method', {}], [() => {}, { kind: 'method', name: 'method' }], ['node'], [null]]) {
      expect(call(TrackNode, ...args)).to.throw(DecoratorUsageError, 'write @TrackNode() or @TrackNode({ … }).');
    }
  });
});
