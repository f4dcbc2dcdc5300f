import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { encodeFrame, FILE_HEADER, FRAME_HEADER_BYTES } from '../../../lib/hub/storage/journal-frame.js';
import { readJournal } from '../../../lib/hub/storage/read-journal.js';

describe('readJournal', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tinyllm-hub-'));
    file = join(folder, 'state');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The lines of a file, or the error message. */
  const read = async (bytes: Buffer): Promise<readonly string[] | string> => {
    await writeFile(file, bytes);
    const handle = await open(file, 'r');
    const lines: string[] = [];
    try {
      await readJournal(file, { handle, onLine: (line) => lines.push(line) });
      return lines;
    } catch (error) {
      return (error as Error).message;
    } finally {
      await handle.close();
    }
  };

  /** A snapshot and three batches, and the start of each of the four. */
  const journal = (batch = (index: number): string => `"batch ${index}"`): { whole: Buffer; starts: number[] } => {
    const parts: Buffer[] = [Buffer.from(FILE_HEADER)];
    const starts: number[] = [];
    let chain = 0;
    for (const index of [0, 1, 2, 3]) {
      starts.push(Buffer.concat(parts).length);
      const frame = encodeFrame(index === 0 ? 'complete' : 'changes', Buffer.from(`${batch(index)}\n`), chain);
      parts.push(frame.bytes);
      chain = frame.chain;
    }
    return { whole: Buffer.concat(parts), starts };
  };
  const zeroed = (whole: Buffer, from: number, to = from + 1): Buffer => Buffer.from(whole).fill(0, from, to);
  const rejected = (start: number): string =>
    `${file} is not a valid hub file: a checksum does not match (byte ${start}); restore it from a backup, or move it away to start empty.`;

  it('rejects a file with a zero in a batch before the last batch', async () => {
    const { whole, starts } = journal();
    for (const [index, start] of starts.entries()) {
      if (index === 3) continue;
      for (let place = start; place < (starts[index + 1] ?? 0); place += 1) {
        expect(await read(zeroed(whole, place)), `byte ${place}`).to.equal(rejected(start));
      }
      expect(await read(zeroed(whole, start, starts[index + 1]))).to.equal(rejected(start));
    }
  });

  it('ignores a last batch that contains zeros or is incomplete', async () => {
    const { whole, starts } = journal();
    const [, , , last = 0] = starts;
    const before = ['"batch 0"', '"batch 1"', '"batch 2"'];
    for (let place = last; place < whole.length; place += 1) {
      expect(await read(zeroed(whole, place)), `zero at byte ${place}`).to.deep.equal(before);
      expect(await read(zeroed(whole, place, whole.length))).to.deep.equal(before);
      expect(await read(whole.subarray(0, place)), `end at byte ${place}`).to.deep.equal(before);
    }
    expect(await read(whole)).to.deep.equal([...before, '"batch 3"']);
  });

  it('finds the next batch at any distance after a damaged header', async () => {
    for (const bytes of [1_048_000, 1_048_576 - FRAME_HEADER_BYTES, 1_048_576, 2_000_000]) {
      for (let more = 0; more < 60; more += 7) {
        const { whole, starts } = journal((index) => (index === 1 ? `"${'x'.repeat(bytes + more - 3)}"` : `${index}`));
        const [, start = 0] = starts;
        expect(await read(zeroed(whole, start + 3))).to.equal(rejected(start));
      }
    }
  });
});
