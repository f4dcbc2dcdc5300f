import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { acceptedLiterals, composingFiles } from './support/accepted-expressions.js';
import { expressionsIn, LinearExpressions, superLinearity } from './support/expressions.js';
import { parseSource, readSources } from './support/source-file.js';

describe('regular expressions', function () {
  // The first run takes about 15 seconds. Later runs use the cache.
  this.timeout(300_000);

  it('finds super-linear literals, and accepts linear ones', async () => {
    expect(await superLinearity('/\\/+$/')).to.match(/^2nd degree polynomial, attack /);
    expect(await superLinearity('/^(a+)+$/')).to.match(/^exponential, attack /);
    expect(await superLinearity('/(?<!\\/)\\/+$/')).to.equal(undefined);
    expect(await superLinearity('/^[a-z]+$/iu')).to.equal(undefined);
  });

  it('finds literals with their positions, and files that compose expressions', () => {
    const text = "const a = /a+/g;\nconst b = [/b/, /a+/g, new RegExp('c'), String(1)];";
    const { literals, composedIn } = expressionsIn([parseSource('lib/a.ts', text), parseSource('lib/b.ts', '/c/;')]);
    expect([...literals]).to.deep.equal([
      ['/a+/g', ['lib/a.ts:1', 'lib/a.ts:2']],
      ['/b/', ['lib/a.ts:2']],
      ['/c/', ['lib/b.ts:1']],
    ]);
    expect([...composedIn]).to.deep.equal(['lib/a.ts']);
  });

  it('caches only linear literals', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tinyllm-expressions-'));
    const file = join(folder, 'linear.json');
    const cache = new LinearExpressions(file);
    expect(await cache.superLinearity('/a/')).to.equal(undefined);
    expect(await cache.superLinearity('/b/')).to.equal(undefined);
    expect(await cache.superLinearity('/a+$/')).to.be.a('string');
    cache.save(['/a/', '/a+$/']);
    expect(readFileSync(file, 'utf8')).to.equal('["/a/"]');
    rmSync(folder, { recursive: true });
  });

  const { literals, composedIn } = expressionsIn([...readSources('lib'), ...readSources('cli')]);

  it('lib and cli contain no super-linear literal without an accepted reason', async () => {
    const cache = new LinearExpressions('.cache/linear-expressions.json');
    const pending = [...literals.keys()].filter((literal) => !Object.hasOwn(acceptedLiterals, literal));
    const used = [...pending];
    const faults: string[] = [];
    const work = async (): Promise<void> => {
      for (let literal = pending.pop(); literal !== undefined; literal = pending.pop()) {
        const problem = await cache.superLinearity(literal);
        if (problem !== undefined) faults.push(`${literals.get(literal)?.join(', ')}: ${literal} is ${problem}`);
      }
    };
    await Promise.all([work(), work()]);
    cache.save(used);
    expect(faults.sort()).to.deep.equal([]);
  });

  it('lib and cli compose expressions only in files with an accepted reason', () => {
    expect([...composedIn].sort()).to.deep.equal(Object.keys(composingFiles).sort());
  });

  it('every accepted literal exists', () => {
    expect(Object.keys(acceptedLiterals).filter((literal) => !literals.has(literal))).to.deep.equal([]);
  });
});
