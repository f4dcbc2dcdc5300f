import { expect } from 'chai';
import fc from 'fast-check';
import { LabelTree } from '../../../lib/core/metrics/label-tree.js';

describe('LabelTree', () => {
  it('contains one leaf without labels', () => {
    const tree = new LabelTree<{ id: number }>();
    expect(tree.find([])).to.equal(undefined);
    const leaf = { id: 1 };
    tree.add([], leaf);
    expect(tree.find([])).to.equal(leaf);
    expect([...tree.entries()]).to.deep.equal([[[], leaf]]);
    expect(tree.size).to.equal(1);
  });

  it('finds exactly the added leaves, for any values of any number of labels', () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', ',', ':', '|', '"', '\\', '\n', '\0', '\ud800') }),
      fc.constantFrom('__proto__', 'constructor', 'toString', ''),
    );
    const sets = fc
      .integer({ min: 1, max: 4 })
      .chain((depth) => fc.array(fc.array(value, { minLength: depth, maxLength: depth }), { maxLength: 40 }));
    fc.assert(
      fc.property(sets, (labelSets) => {
        const tree = new LabelTree<{ key: string }>();
        const model = new Map<string, { key: string }>();
        for (const values of labelSets) {
          const key = JSON.stringify(values);
          expect(tree.find(values)).to.equal(model.get(key));
          if (model.has(key)) continue;
          model.set(key, { key });
          tree.add(values, model.get(key)!);
        }
        expect(tree.size).to.equal(model.size);
        for (const values of labelSets) expect(tree.find(values)).to.equal(model.get(JSON.stringify(values)));
        const entries = [...tree.entries()].map(([values, leaf]): [string, object] => [JSON.stringify(values), leaf]);
        expect(new Map(entries)).to.deep.equal(model);
        expect(entries).to.have.length(model.size);
      }),
    );
  });

  it('has the same leaves as a map after any additions and removals', () => {
    const value = fc.constantFrom('a', 'b', 'c', '', '\ud800');
    const step = (depth: number) =>
      fc.record({ adds: fc.boolean(), values: fc.array(value, { minLength: depth, maxLength: depth }) });
    const steps = fc.integer({ min: 0, max: 3 }).chain((depth) => fc.array(step(depth), { maxLength: 60 }));
    fc.assert(
      fc.property(steps, (all) => {
        const tree = new LabelTree<{ key: string }>();
        const model = new Map<string, { key: string }>();
        for (const { adds, values } of all) {
          const key = JSON.stringify(values);
          if (!adds) {
            expect(tree.delete(values)).to.equal(model.get(key));
            model.delete(key);
          } else if (!model.has(key)) {
            model.set(key, { key });
            tree.add(values, model.get(key)!);
          }
          expect(tree.size).to.equal(model.size);
        }
        const entries = [...tree.entries()].map(([values, leaf]): [string, object] => [JSON.stringify(values), leaf]);
        expect(entries).to.have.length(model.size);
        expect(new Map(entries)).to.deep.equal(model);
      }),
    );
  });
});
