import { expect } from 'chai';
import { decorate } from '../../../lib/core/decorators/decorate.js';
import { DecoratorUsageError, TrackNode } from '../../../lib/core/index.js';
import { dialects } from '../../support/dialects.js';
import { freshGraph } from '../../support/shared-scrape.js';

for (const dialect of dialects) {
  describe(`the properties of a decorated method (${dialect.name})`, () => {
    it('keeps its name, its length, and its place on the prototype', () => {
      const { Node } = dialect.subjects(freshGraph());
      const { run, runAsync, stream } = Node.prototype;
      expect([run, runAsync, stream].map(({ name, length }) => [name, length])).to.deep.equal([
        ['run', 1],
        ['runAsync', 2],
        ['stream', 2],
      ]);
      expect(Object.getOwnPropertyDescriptor(Node.prototype, 'run')).to.include({ enumerable: false, writable: true });
      expect(() => Reflect.construct(run, [])).to.throw(TypeError);
    });
  });
}

describe('decorate', () => {
  const identity = decorate('Track', (method) => method);
  // The arguments that a compiler of either dialect passes to a decorator in an invalid place.
  const legacy = identity as unknown as (...args: unknown[]) => unknown;

  it('rejects anything but a method, and names what it is', () => {
    const misuses: readonly (readonly [unknown[], string])[] = [
      [[class {}], 'a class'],
      [[{}, 'field'], 'the property field'],
      [[{}, 'accessor', { get: () => 1 }], 'the property accessor'],
      [[{}, 'method', 0], 'a parameter of method'],
      [[undefined, { kind: 'field', name: 'count' }], 'the field count'],
      [[() => 1, { kind: 'getter', name: 'size' }], 'the getter size'],
      [[class {}, { kind: 'class', name: 'Node' }], 'the class Node'],
      [[undefined, { kind: 'method', name: 'none' }], 'the method none'],
      [[{}, Symbol('field')], 'the property Symbol(field)'],
      [[{}, 7], 'a class'],
    ];
    for (const [args, place] of misuses) {
      expect(() => legacy(...args))
        .to.throw(DecoratorUsageError, `@Track() is on ${place}; expected a method`)
        .that.is.an('error');
    }
  });

  it('keeps the own properties and the metadata of the method it wraps', () => {
    const method = Object.assign(() => 1, { title: 'own' });
    Reflect.defineMetadata('key', 'value', method);
    const { value } = TrackNode()({}, 'method', { value: method }) as { value: typeof method };
    expect(value).not.to.equal(method);
    expect(value.title).to.equal('own');
    expect(Reflect.getMetadata('key', value)).to.equal('value');
  });
});
