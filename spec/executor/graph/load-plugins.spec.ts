import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { PluginError } from '../../../lib/executor/errors/graph-errors.js';
import { loadGraph } from '../../../lib/executor/graph/load-graph.js';
import { loadPlugins } from '../../../lib/executor/graph/load-plugins.js';

const kind = (name: string) =>
  `{ kind: '${name}', shape: ['[', ']'], parse: (id) => ({ node: { id, kind: '${name}', execute: async (message) => ({ message }) } }) }`;

describe('loadPlugins', () => {
  let folder: string;
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(folder, name);
    await writeFile(file, text);
    return file;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-plugins-'));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  async function refusal(...files: string[]): Promise<string> {
    const error = await loadPlugins(files).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(PluginError);
    expect((error as Error).message).not.to.include('\n');
    return (error as Error).message.replace(folder, '');
  }

  it('loads node kinds from named exports, lists and the default export, and ignores other exports', async () => {
    const one = await write(
      'one.mjs',
      `export const a = ${kind('a')}; export const other = 1; export default [${kind('b')}];`,
    );
    const two = await write('two.mjs', `export default ${kind('c')};`);
    expect((await loadPlugins([one, two, one])).map((found) => found.kind)).to.deep.equal(['a', 'b', 'c']);
  });

  it('loads node kinds that a graph can use', async () => {
    const file = await write(
      'graph.yaml',
      'name: a\nnodes: { e: { kind: entry }, o: { kind: own, some: thing }, x: { kind: exit } }\nedges: [{ from: e, to: o }, { from: o, to: x }]',
    );
    const kinds = await loadPlugins([await write('own.mjs', `export const own = ${kind('own')};`)]);
    expect((await loadGraph(file, { kinds })).nodes.get('o')?.kind).to.equal('own');
    const twice = await loadGraph(file, { kinds: [...kinds, ...kinds] }).catch((reason: unknown) => reason);
    expect(twice)
      .to.be.instanceOf(PluginError)
      .with.property('message')
      .that.includes('two node kinds are named "own"');
  });

  it('describes the problem of an invalid module', async () => {
    expect(await refusal(join(folder, 'none.mjs'))).to.equal('/none.mjs: no such file; check the path.');
    expect(await refusal(folder)).to.equal(': is a directory; expected a JavaScript module.');
    expect(await refusal(await write('nothing.mjs', ''))).to.match(
      /^\/nothing\.mjs: exports nothing; expected an export made with defineNodeKind from "@tinyllm\/executor"\.$/,
    );
    expect(await refusal(await write('wrong.mjs', 'export const kind = "a"; export default null;'))).to.match(
      /exports no node kind; expected/,
    );
    expect(await refusal(await write('bad.mjs', 'throw new RangeError("two\\nlines");'))).to.match(
      /cannot be loaded: RangeError: two lines$/,
    );
    expect(await refusal(await write('syntax.mjs', 'export {'))).to.match(/cannot be loaded: SyntaxError: /);
    expect(await refusal(await write('needs.mjs', 'import "./gone.mjs";'))).to.match(
      /needs\.mjs: cannot be loaded: Error: Cannot find module/,
    );
  });

  it('rejects a node kind whose name is already used', async () => {
    const mine = await write('mine.mjs', `export const a = ${kind('mine')};`);
    const yours = await write('yours.mjs', `export const a = ${kind('mine')};`);
    expect(await refusal(mine, yours)).to.match(
      /^\/yours\.mjs: the name of the node kind "mine" is already used by .*mine\.mjs; rename yours\.$/,
    );
    expect(await refusal(await write('model.mjs', `export const a = ${kind('model')};`))).to.match(
      /"model" is already used by TinyLLM itself/,
    );
  });
});
