import { expect } from 'chai';
import {
  DecoratorUsageError,
  TrackGraph,
  TrackNode,
  TrackRequest,
  TrackTool,
  trackGraph,
  trackNode,
  trackRequest,
  trackTool,
} from '../../../lib/core/index.js';

const call =
  (callee: unknown, ...args: unknown[]) =>
  () =>
    (callee as (...args: unknown[]) => unknown)(...args);

const text = 'string or a function';
const common = { graph: text, labels: 'object', classifyError: 'function', isError: 'function', stream: 'function' };
const kinds = [
  ['Graph', TrackGraph, trackGraph, common],
  ['Node', TrackNode, trackNode, { ...common, node: text }],
  ['Request', TrackRequest, trackRequest, { ...common, model: text, requestType: text, usage: 'function' }],
  ['Tool', TrackTool, trackTool, { ...common, tool: text }],
] as const;

for (const [name, decorator, wrapper, options] of kinds) {
  const names = Object.keys(options).join(', ');
  const callers: readonly (readonly [caller: string, call: (received: unknown) => () => unknown])[] = [
    [`@Track${name}`, (received) => call(decorator, received)],
    [`track${name}`, (received) => call(wrapper, function named() {}, received)],
  ];
  for (const [caller, callWith] of callers) {
    describe(`the options of ${caller}`, () => {
      it('can be missing or undefined', () => {
        expect(callWith(undefined)).not.to.throw();
        for (const option of Object.keys(options)) expect(callWith({ [option]: undefined })).not.to.throw();
      });

      for (const [option, expected] of Object.entries<string>(options)) {
        it(`accepts for ${option} only: ${expected}`, () => {
          const accepted: Readonly<Record<string, readonly unknown[]>> = {
            [text]: ['x', () => 'x'],
            function: [() => 'x'],
            object: [{}, { tenant: 'acme' }, { tenant: () => 'acme' }],
          };
          for (const value of accepted[expected] ?? []) expect(callWith({ [option]: value })).not.to.throw();
          const article = expected === 'object' ? 'an' : 'a';
          for (const value of [7, null, true]) {
            expect(callWith({ [option]: value })).to.throw(
              DecoratorUsageError,
              `${caller} got ${value} for the option "${option}"; expected ${article} ${expected}.`,
            );
          }
        });
      }

      it('rejects another option by name', () => {
        for (const option of ['grpah', 'toString', 'hasOwnProperty']) {
          expect(callWith({ [option]: 'x' })).to.throw(
            DecoratorUsageError,
            `${caller} got an option "${option}"; expected any of ${names}.`,
          );
        }
      });

      it('rejects an extra label that is neither a text nor a function', () => {
        expect(callWith({ labels: { tenant: 7 } })).to.throw(
          DecoratorUsageError,
          `The option "labels" of ${caller} got 7 for the option "tenant"; expected a string or a function.`,
        );
        expect(callWith({ labels: ['tenant'] })).to.throw(DecoratorUsageError, 'got an array; expected an object');
      });
    });
  }
}

describe('checkDecoratorArguments', () => {
  it('quotes short texts, but not long ones', () => {
    expect(call(TrackRequest, { usage: 'all' })).to.throw('@TrackRequest got "all" for the option "usage"');
    const long = 'x'.repeat(61);
    expect(call(TrackRequest, { usage: long })).to.throw('@TrackRequest got a value of type string for the option');
  });

  it('rejects a decorator that was not called', () => {
    const misuses: readonly (readonly [args: readonly unknown[], got: string])[] = [
      [[{}, 'method', {}], '3 arguments'],
      [[() => {}, { kind: 'method', name: 'method' }], '2 arguments'],
      [['node'], '"node"'],
      [[null], 'null'],
    ];
    for (const [args, got] of misuses) {
      expect(call(TrackNode, ...args)).to.throw(
        DecoratorUsageError,
        `@TrackNode got ${got}; expected an options object: write @TrackNode() or @TrackNode({ … }).`,
      );
    }
  });
});
