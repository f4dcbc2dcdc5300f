import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { bashCompletion } from '../../../../cli/commands/completion/bash.js';
import { completedCommands } from '../../../../cli/commands/completion/completed-command.js';
import { commands } from '../../../../cli/program/declarations.js';

describe('bashCompletion', () => {
  const lines: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
    [['gr'], ['graph']],
    [
      ['graph', ''],
      ['check', 'show'],
    ],
    [
      ['graph', 'check', '--'],
      ['--plugin', '--json', '--debug', '--help', '--version'],
    ],
    [['run', 'What?', '--metrics-p'], ['--metrics-port']],
    [
      ['run', '--provider', ''],
      ['embedded', 'ollama', 'openai', 'llama-cpp'],
    ],
    // Bash splits words at `=`.
    [['run', '--provider', '=', 'ol'], ['ollama']],
    [
      ['run', '--priority', '='],
      ['high', 'normal', 'low'],
    ],
    [['completion', 'z'], ['zsh']],
    // Bash falls back to files.
    [['run', '--graph', ''], []],
    [['graph', 'check', ''], []],
  ];

  it('suggests commands, flags and choices without starting tinyllm', () => {
    const calls = lines.map(([words]) => {
      const typed = ['tinyllm', ...words].map((word) => `'${word}'`).join(' ');
      return `COMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _tinyllm; echo "\${COMPREPLY[@]}"`;
    });
    const script = [bashCompletion(completedCommands(commands)), 'complete -p tinyllm', 'PATH=', ...calls].join('\n');
    const printed = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
    const [registered, ...offered] = printed.split('\n').slice(0, -1);
    expect(registered).to.contain('-F _tinyllm tinyllm');
    expect(offered).to.deep.equal(lines.map(([, expected]) => expected.join(' ')));
  });
});
