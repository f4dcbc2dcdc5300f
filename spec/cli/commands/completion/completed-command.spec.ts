import { expect } from 'chai';
import { completedCommands } from '../../../../cli/commands/completion/completed-command.js';
import { fishCompletion } from '../../../../cli/commands/completion/fish.js';
import { zshCompletion } from '../../../../cli/commands/completion/zsh.js';
import { UsageError } from '../../../../cli/errors/usage-error.js';
import { commands } from '../../../../cli/program/declarations.js';
import { readProgram } from '../../../../cli/program/program.js';

describe('completedCommands', () => {
  const completed = completedCommands(commands);
  const at = (words: string) => completed.find((one) => one.words === words);

  it('contains every command, word by word', () => {
    for (const { name } of commands) {
      const [first = '', second] = name.split(' ');
      expect(at('')?.next.has(first), name).to.equal(true);
      if (second !== undefined) expect(at(first)?.next.has(second), name).to.equal(true);
      expect(at(name), name).not.to.equal(undefined);
    }
  });

  it('contains every flag, and whether it has a value', () => {
    for (const { name, flags } of commands) {
      const names = at(name)?.flags.map((flag) => flag.name.slice(2));
      expect(names, name).to.have.members([...Object.keys(flags), 'help', 'version']);
    }
    expect(at('run')?.flags.find(({ name }) => name === '--json')?.takesValue).to.equal(false);
  });

  const enough: Readonly<Record<string, readonly string[]>> = {
    run: ['--file', 'questions.txt'],
    worker: ['--queue', 'redis://127.0.0.1'],
    'models pull': ['a-model'],
  };

  it('lists exactly the choices that the command accepts', () => {
    for (const { name, flags } of commands) {
      for (const [flag, { accepts }] of Object.entries(flags)) {
        if (accepts === undefined || accepts.some((value) => value.endsWith('://'))) continue;
        const words = [...name.split(' '), ...(enough[name] ?? []), `--${flag}`, 'neither'];
        expect(() => readProgram(words), words.join(' ')).to.throw(UsageError, accepts.join(', '));
      }
    }
  });

  it('is quoted correctly for each shell', () => {
    const [zsh, fish] = [zshCompletion(completed), fishCompletion(completed)];
    for (const { name, flags } of commands) {
      for (const flag of Object.keys(flags)) {
        expect(zsh, `${name} --${flag}`).to.contain(`--${flag}`);
        expect(fish, `${name} --${flag}`).to.contain(`-l ${flag} `);
      }
    }
    expect(zsh).to.contain("prom-client'\\''s metrics");
    expect(fish).to.contain("prom-client\\'s metrics");
  });
});
