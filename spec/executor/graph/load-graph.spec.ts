import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { GraphError } from '../../../lib/executor/errors/graph-errors.js';
import { loadGraph } from '../../../lib/executor/graph/load-graph.js';

describe('loadGraph', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'graph-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function refusal(file: string, content?: string | Uint8Array): Promise<string> {
    if (content !== undefined) await writeFile(file, content);
    const error = await loadGraph(file).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(GraphError);
    expect((error as GraphError).file).to.equal(file);
    return (error as GraphError).message.slice(file.length);
  }

  const graph = 'name: a\nnodes: { e: { kind: entry }, x: { kind: exit } }\nedges: [{ from: e, to: x }]\n';

  it('reads a graph from a file with or without a byte order mark', async () => {
    for (const mark of ['', '\uFEFF']) {
      const file = join(folder, 'good.yaml');
      await writeFile(file, mark + graph);
      expect((await loadGraph(file)).name).to.equal('a');
    }
  });

  it('reports file, line and column of a problem', async () => {
    expect(await refusal(join(folder, 'wrong.yaml'), `${graph}more: 1\n`)).to.match(/^:4:1: unknown key "more"/);
  });

  it('rejects a missing file', async () => {
    expect(await refusal(join(folder, 'absent.yaml'))).to.equal(': no such file; check the path.');
  });

  it('rejects a directory', async () => {
    expect(await refusal(folder)).to.equal(': is a directory; expected a graph file.');
  });

  it('rejects a path that uses a file as a folder', async () => {
    expect(await refusal(join(folder, 'good.yaml', 'more'))).to.match(/^: cannot be read: /);
  });

  it('rejects an empty file', async () => {
    expect(await refusal(join(folder, 'empty.yaml'), '')).to.match(/^:1:1: the graph is empty/);
  });

  it('accepts 256 KiB, and rejects one byte more', async () => {
    const filled = (bytes: number) => `${graph}#${' '.repeat(bytes - graph.length - 1)}`;
    const file = join(folder, 'large.yaml');
    await writeFile(file, filled(256 * 1024));
    expect((await loadGraph(file)).name).to.equal('a');
    expect(await refusal(file, filled(256 * 1024 + 1))).to.match(/^: is larger than 256 KiB/);
  });

  it('rejects a file that is not text', async () => {
    expect(await refusal(join(folder, 'binary.yaml'), Uint8Array.of(0xff, 0xfe, 0))).to.match(/^: is not UTF-8 text/);
  });
});
