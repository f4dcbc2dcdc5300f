#!/usr/bin/env node
import { setImmediate as nextTurn } from 'node:timers/promises';
import { TinyLLMError } from 'tinyllm/configuration';
import { Lifetime } from './command/lifetime.js';
import { UsageError } from './errors/usage-error.js';
import { watchLauncher } from './program/launcher-watch.js';
import { readProgram } from './program/program.js';
import { Output } from './terminal/output.js';

const signalCodes = { SIGINT: 130, SIGTERM: 143 } as const;

const args = process.argv.slice(2);
const flags = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
const failureOptions = { json: flags.includes('--json'), debug: flags.includes('--debug') };

/**
 * The exit code after a signal or after the reader of stdout exited. Later failures are only a result of the early end,
 * so they are not printed.
 */
let earlyExitCode: number | undefined;

const output = new Output({
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  onBroken: (cause) => end(cause.code === 'EPIPE' ? 0 : report(unwritable(cause))),
});
const lifetime = new Lifetime(output);

function end(code: number): void {
  earlyExitCode ??= code;
  lifetime.end();
  setTimeout(() => process.exit(code), lifetime.graceSeconds * 1000).unref();
}

function unwritable(cause: Error): TinyLLMError {
  return new TinyLLMError(`Cannot write to stdout: ${cause.message}; redirect stdout to another file or program.`, {
    cause,
  });
}

function report(error: unknown): number {
  if (earlyExitCode !== undefined) return earlyExitCode;
  output.failure(error, failureOptions);
  return error instanceof UsageError ? 2 : 1;
}

async function execute(): Promise<number> {
  const program = readProgram(args);
  if (program.kind === 'command') await program.execute(lifetime);
  else if (program.requested) output.text(program.text);
  else output.note(program.text);
  return program.kind === 'command' || program.requested ? 0 : 2;
}

/**
 * Waits for the handlers of signals that arrived while the event loop was blocked. These handlers run within two turns
 * of the event loop.
 */
async function handlePendingSignals(): Promise<void> {
  await nextTurn();
  await nextTurn();
}

async function main(): Promise<void> {
  let code = await execute().catch(async (error: unknown) => {
    await handlePendingSignals();
    return report(error);
  });
  await lifetime.close().catch((error: unknown) => {
    code = report(error);
  });
  output.endLine();
  await output.flush();
  await handlePendingSignals();
  process.exit(earlyExitCode ?? code);
}

for (const [signal, code] of Object.entries(signalCodes)) {
  // A second signal ends the process at once.
  process.on(signal, () => (earlyExitCode === undefined ? end(code) : process.exit(code)));
}
watchLauncher({ environment: process.env, onGone: () => end(signalCodes.SIGTERM) });
process.on('uncaughtException', (error) => process.exit(report(error)));
void main();
