import { expect } from 'chai';
import fc from 'fast-check';
import {
  DecoratorUsageError,
  getTrackedMethods,
  trackGraph,
  trackNode,
  trackRequest,
  trackTool,
} from '../../../lib/core/index.js';
import { freshGraph, nodeCounts, nodeErrors, scraped } from '../../support/shared-scrape.js';

const settledOnce = { executions: 1, timed: 1, active: 0, cancelled: 0 };

/** Each wrapper, with the option for its name and the metric of its calls. */
const named = [
  ['trackGraph', trackGraph, 'graph', 'tinyllm_graph_executions_total'],
  ['trackNode', trackNode, 'node', 'tinyllm_node_executions_total'],
  ['trackTool', trackTool, 'tool', 'tinyllm_tool_calls_total'],
] as const;

/** Hides the types of a wrapper, which exclude the misuses. */
function untyped(wrapper: unknown): (...args: unknown[]) => () => unknown {
  return (...args) =>
    () =>
      (wrapper as (...args: unknown[]) => unknown)(...args);
}

describe('a wrapped function', () => {
  it('gets this and the arguments, and returns the identical result', async () => {
    const graph = freshGraph();
    const result = {};
    const argument = {};
    const self = {};
    const wrapped = trackNode(
      function node(this: unknown, ...args: unknown[]) {
        return Object.assign(result, { self: this, args });
      },
      { graph },
    );
    expect(wrapped.call(self, argument, 2)).to.equal(result);
    expect(result).to.include({ self }).and.have.property('args').with.ordered.members([argument, 2]);
    expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
  });

  it('passes on thrown and rejected errors as the identical objects, and counts them', async () => {
    const graph = freshGraph();
    const failure = new RangeError('no');
    const throws = trackNode(
      (): never => {
        throw failure;
      },
      { node: 'node', graph },
    );
    const rejects = trackNode(() => Promise.reject(failure), { node: 'node', graph });
    expect(throws).to.throw(failure);
    expect(await rejects().catch((error: unknown) => error)).to.equal(failure);
    expect(await nodeErrors(graph, 'RangeError')).to.equal(2);
  });

  it('has the name, length, prototype and own properties of the function', () => {
    async function* stream(_first: number, _second: number) {}
    const own = Symbol('own');
    const original = Object.assign(stream, { title: 'own', [own]: 1 });
    Reflect.defineMetadata('key', 'value', original);
    const wrapped = trackRequest(original);
    expect(wrapped).not.to.equal(original);
    expect(wrapped).to.include({ name: 'stream', length: 2, title: 'own', [own]: 1 });
    expect(Object.getPrototypeOf(wrapped)).to.equal(Object.getPrototypeOf(original));
    expect(Reflect.getMetadata('key', wrapped)).to.equal('value');
    expect(original.title).to.equal('own');
  });

  it('is followed to the last chunk if it is a generator or returns a stream', async () => {
    const graph = freshGraph();
    const options = { node: 'node', graph };
    const active = async () => (await nodeCounts(graph)).active;
    async function* chunks() {
      expect(await active()).to.equal(1);
      yield 1;
    }
    function* list() {
      yield 1;
    }
    for await (const _chunk of trackNode(chunks, options)());
    for (const _value of trackNode(list, options)());
    const stream = trackNode(async () => new Response('text').body as ReadableStream<Uint8Array>, options);
    for await (const _chunk of await stream()) expect(await active()).to.equal(1);
    expect(await nodeCounts(graph)).to.deep.equal({ executions: 3, timed: 3, active: 0, cancelled: 0 });
  });

  it('works as a method of a class in plain JavaScript, and is listed', async () => {
    const graph = freshGraph();
    class Client {
      readonly model = 'computed';
      generate(prompt: string): string {
        return prompt + this.model;
      }
      static create(): Client {
        return new Client();
      }
    }
    const options = { model: (self: Client) => self.model, graph };
    Client.prototype.generate = trackRequest(Client.prototype.generate, options);
    Client.create = trackTool(Client.create, { graph });
    expect(Client.create().generate('a ')).to.equal('a computed');
    const labels = { model: 'computed', graph, request_type: 'generate' };
    expect(await scraped('tinyllm_requests_total', labels)).to.equal(1);
    expect(await scraped('tinyllm_tool_calls_total', { tool: 'create', graph })).to.equal(1);
    expect(getTrackedMethods(Client)).to.deep.equal([
      { kind: 'request', method: 'generate', static: false, options },
      { kind: 'tool', method: 'create', static: true, options: { graph } },
    ]);
  });

  it('can be wrapped again', async () => {
    const graph = freshGraph();
    const inner = trackTool(async (text: string) => text, { tool: 'inner', graph });
    const outer = trackNode(inner, { node: 'node', graph });
    expect(await outer('text')).to.equal('text');
    expect(await nodeCounts(graph)).to.deep.equal(settledOnce);
    expect(await scraped('tinyllm_tool_calls_total', { tool: 'inner', graph })).to.equal(1);
  });

  it('is the function itself while the environment variable TINYLLM_METRICS is off', () => {
    class Client {
      generate(): string {
        return 'text';
      }
    }
    const { generate } = Client.prototype;
    process.env.TINYLLM_METRICS = 'off';
    try {
      Client.prototype.generate = trackRequest(generate, { model: 'm' });
    } finally {
      delete process.env.TINYLLM_METRICS;
    }
    expect(Client.prototype.generate).to.equal(generate);
    // A function can be wrapped any number of times, so its wrappers are not listed.
    expect(getTrackedMethods(Client)).to.deep.equal([]);
  });

  it('can be frozen, but cannot be a frozen class', () => {
    const frozen = Object.freeze(function frozen() {
      return 'text';
    });
    expect(trackNode(frozen)()).to.equal('text');
    expect(() => trackNode(Object.freeze(class Frozen {}) as never)).to.throw(DecoratorUsageError, 'the class Frozen');
  });

  it('returns what the function returns, for any arguments', async () => {
    const graph = freshGraph();
    const wrapped = trackNode((...args: unknown[]) => args, { node: 'node', graph });
    let calls = 0;
    fc.assert(
      fc.property(fc.array(fc.anything()), (args) => {
        calls++;
        const returned = wrapped(...args);
        expect(returned.length).to.equal(args.length);
        expect(returned.every((value, index) => Object.is(value, args[index]))).to.equal(true);
      }),
    );
    expect(await nodeCounts(graph)).to.deep.equal({ ...settledOnce, executions: calls, timed: calls });
  });
});

for (const [name, wrapper, option, calls] of named) {
  describe(`${name}: the label ${option}`, () => {
    const graphOf = (graph: string) => (option === 'graph' ? {} : { graph });

    it('is the name of the function', async () => {
      const graph = freshGraph();
      const unique = `unique_${graph}`;
      const { [unique]: fn } = { [unique]: () => 1 };
      wrapper(fn as () => number, graphOf(graph))();
      expect(await scraped(calls, { [option]: unique, ...graphOf(graph) })).to.equal(1);
    });

    it('is the option, even for a function without a name', async () => {
      const graph = freshGraph();
      const value = `option-${graph}`;
      wrapper(() => 1, { ...graphOf(graph), [option]: value })();
      wrapper((_name: string) => 1, { ...graphOf(graph), [option]: (_self: unknown, [label]: [string]) => label })(
        value,
      );
      expect(await scraped(calls, { [option]: value, ...graphOf(graph) })).to.equal(2);
    });

    it('is unknown if a function without a name has an option that returns nothing', async () => {
      const graph = freshGraph();
      wrapper(() => 1, { ...graphOf(graph), [option]: () => undefined })();
      expect(await scraped(calls, { [option]: 'unknown', ...graphOf(graph) })).to.equal(1);
    });

    it('is required for a function without a name', () => {
      const nameless = Object.defineProperty(() => 1, 'name', { value: 7 });
      for (const fn of [() => () => 1, () => nameless].map((create) => create())) {
        expect(() => wrapper(fn)).to.throw(
          DecoratorUsageError,
          `${name} got a function without a name; expected a named function or the option "${option}". Write ${name}(fn, { ${option}: '…' }).`,
        );
      }
    });
  });
}

describe('a function wrapper', () => {
  const all = [...named, ['trackRequest', trackRequest] as const];
  for (const [name, wrapper] of all) {
    it(`rejects anything but a function: ${name}`, () => {
      const misuses: readonly (readonly [value: unknown, got: string])[] = [
        [undefined, 'undefined'],
        [null, 'null'],
        ['fn', '"fn"'],
        [{ graph: 'g' }, 'a value of type object'],
        [[], 'an array'],
      ];
      for (const [value, got] of misuses) {
        expect(untyped(wrapper)(value, { graph: 'g' })).to.throw(
          DecoratorUsageError,
          `${name} got ${got}; expected a function: write ${name}(fn) or ${name}(fn, { … }).`,
        );
      }
    });

    it(`rejects classes and built-in constructors: ${name}`, () => {
      class Client {}
      const classes: readonly (readonly [value: unknown, shown: string])[] = [
        [Client, 'Client'],
        [class extends Client {}, 'Class'],
        [Map, 'Map'],
      ];
      for (const [value, shown] of classes) {
        expect(untyped(wrapper)(value)).to.throw(
          DecoratorUsageError,
          `${name} got the class ${shown}; expected a function. Wrap its methods: ${shown}.prototype.run = ${name}(${shown}.prototype.run).`,
        );
      }
    });

    it(`rejects the arguments of a decorator: ${name}`, () => {
      expect(untyped(wrapper)({}, 'method', { value: () => 1 })).to.throw(DecoratorUsageError, 'expected a function');
      expect(untyped(wrapper)(() => 1, { kind: 'method', name: 'method' })).to.throw(DecoratorUsageError, '"kind"');
    });

    it(`rejects options that are not an object: ${name}`, () => {
      for (const [options, got] of [
        ['g', '"g"'],
        [null, 'null'],
        [[], 'an array'],
        [() => 1, 'a value of type function'],
      ] as const) {
        expect(untyped(wrapper)(function fn() {}, options)).to.throw(
          DecoratorUsageError,
          `${name} got ${got}; expected an object of options.`,
        );
      }
    });
  }
});
