import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { environmentVariables } from '../../../cli/command/environment-variables.js';
import { commands } from '../../../cli/program/declarations.js';
import { readProgram } from '../../../cli/program/program.js';

function helpOf(name: string): string {
  const program = readProgram([...name.split(' ').filter((word) => word !== ''), '--help']);
  return program.kind === 'text' ? program.text : '';
}

describe('the help', () => {
  it('lists all commands, one per line of at most 80 characters', () => {
    const lines = helpOf('').split('\n');
    for (const { name, summary } of commands) {
      const line = lines.find((one) => one.startsWith(`  ${name} `));
      expect(line, name)
        .to.match(/^ {2}[a-z]/)
        .and.to.contain(summary);
      expect(line?.length, name).to.be.at.most(80);
    }
  });

  for (const { name, summary, flags, argument, variables = [], example, secondExample } of commands) {
    it(`of ${name} has a usage line, a summary, flags, an example and exit codes`, () => {
      const text = helpOf(name);
      const [usage, , first] = text.split('\n');
      expect(usage).to.equal(['tinyllm', name, argument?.usage, '[flags]'].filter(Boolean).join(' '));
      expect(first).to.equal(`${summary}.`);
      expect(text)
        .to.match(/\nExamples:\n {2}\S/)
        .and.to.match(/\nExit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130, 143 /);
      expect(example[0]).to.contain(`tinyllm ${name}`);
      expect(secondExample?.[0] ?? example[0]).to.contain(`tinyllm ${name}`);
      expect(text.match(/^ {2}(?:tinyllm|eval) /gm)).to.have.length(secondExample === undefined ? 1 : 2);
      for (const variable of variables) expect(text).to.match(new RegExp(`\\n {2}${variable} +\\S`));
      expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
      for (const [flag, { describe: description }] of Object.entries(flags)) {
        expect(description, flag)
          .to.match(/^[A-Z]/)
          .and.not.match(/\.$/);
      }
    });
  }

  it('documents every environment variable of the sources', () => {
    const files = ['lib', 'cli'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => join(folder, file)),
    );
    const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
    const read = new Set(text.match(/\b(?:OLLAMA|OPENAI|TINYLLM|XDG)_[A-Z_]+\b/g));
    const documented = new Set<string>(commands.flatMap(({ variables = [] }) => variables));
    expect([...documented].sort()).to.deep.equal(Object.keys(environmentVariables).sort());
    // Only Ollama reads this variable.
    read.delete('OLLAMA_KEEP_ALIVE');
    expect([...read].filter((name) => !documented.has(name))).to.deep.equal([]);
  });
});
