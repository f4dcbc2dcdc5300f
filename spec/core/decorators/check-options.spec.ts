import { expect } from 'chai';
import { DecoratorUsageError, TrackGraph, TrackNode, TrackRequest } from '../../../lib/core/index.js';

describe('checkOptions', () => {
  const call =
    (decorator: unknown, ...args: unknown[]) =>
    () =>
      (decorator as (...args: unknown[]) => unknown)(...args);

  it('accepts missing and undefined options', () => {
    for (const decorator of [TrackNode, TrackGraph, TrackRequest]) {
      expect(call(decorator)).not.to.throw();
      expect(call(decorator, { graph: undefined })).not.to.throw();
    }
  });

  it('rejects unknown options by name', () => {
    expect(call(TrackNode, { nodee: 'a' })).to.throw(
      DecoratorUsageError,
      '@TrackNode got an unknown option "nodee"; expected one of graph, labels, classifyError, isError, stream, node.',
    );
    expect(call(TrackGraph, { model: 'a' })).to.throw(DecoratorUsageError, '"model"');
  });

  it('rejects options of the wrong type', () => {
    expect(call(TrackRequest, { model: 7 })).to.throw(
      DecoratorUsageError,
      '@TrackRequest got a value of type number for the option "model"; expected a string or a function.',
    );
    expect(call(TrackRequest, { usage: 'all' })).to.throw(DecoratorUsageError, 'expected a function.');
  });

  const text = 'string or a function';
  const common = { graph: text, labels: 'object', classifyError: 'function', isError: 'function', stream: 'function' };
  const taken: readonly (readonly [decorator: unknown, name: string, options: Readonly<Record<string, string>>])[] = [
    [TrackGraph, 'TrackGraph', common],
    [TrackNode, 'TrackNode', { ...common, node: text }],
    [
      TrackRequest,
      'TrackRequest',
      {
        ...{ ...common, model: text, requestType: text },
        usage: 'function',
      },
    ],
  ];
  for (const [decorator, name, options] of taken) {
    it(`accepts for @${name}: ${Object.keys(options).join(', ')}`, () => {
      for (const [option, expected] of Object.entries(options)) {
        const valid = expected === 'object' ? { tenant: 'a' } : () => 'x';
        expect(call(decorator, { [option]: valid })).not.to.throw();
        if (expected === text) expect(call(decorator, { [option]: 'x' })).not.to.throw();
        else
          expect(call(decorator, { [option]: 'x' })).to.throw(`got a value of type string for the option "${option}"`);
        expect(call(decorator, { [option]: 7 })).to.throw(
          DecoratorUsageError,
          `@${name} got a value of type number for the option "${option}"; expected a ${expected}.`,
        );
      }
      expect(call(decorator, { toString: 'x' })).to.throw(`expected one of ${Object.keys(options).join(', ')}.`);
    });
  }

  it('rejects a decorator that was not called', () => {
    for (const args of [[{}, 'method', {}], [() => {}, { kind: 'method', name: 'method' }], ['node'], [null]]) {
      expect(call(TrackNode, ...args)).to.throw(DecoratorUsageError, 'write @TrackNode() or @TrackNode({ … }).');
    }
  });
});
