import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../../command/command-context.js';
import { Endpoint } from './endpoint.js';
import { EndpointError } from './endpoint-error.js';
import { figuresOf, type TopFigures } from './figures.js';
import { ReadingWindow } from './reading-window.js';
import { TerminalSession } from './terminal-session.js';
import { type TopState, topView } from './top-view.js';

/** Options of `tinyllm top`. */
export interface TopCommandOptions {
  /** Without user and password. */
  readonly url: string;
  /** Without the query too, to be shown. */
  readonly shown: string;
  readonly authorization: string | undefined;
  /** Seconds between two readings. */
  readonly intervalSeconds: number;
  /** Seconds that rates are taken over. */
  readonly windowSeconds: number;
  /** Whether to show the numbers once, of two readings, and end. */
  readonly once: boolean;
  /** Whether to print a JSON object a reading. */
  readonly json: boolean;
}

/**
 * Shows the numbers of a metrics endpoint until its signal is aborted: drawn on a terminal, until `q` is typed there too,
 * and printed elsewhere.
 *
 * An endpoint that does not answer is told of, and asked again; only with `once` an `EndpointError` is thrown.
 */
export async function top(options: TopCommandOptions, context: CommandContext): Promise<void> {
  const { shown, once, json, intervalSeconds } = options;
  const { output } = context;
  const quit = new AbortController();
  const signal = AbortSignal.any([context.signal, quit.signal]);
  const screen = json || once ? undefined : output.screen;
  let state: TopState | undefined;
  const show = (): void => {
    if (state === undefined) return;
    if (terminal !== undefined) terminal.draw(topView(state, screen));
    else if (json) output.json(asJson(state));
    else output.text(`${textOf(state, output.screen?.columns)}${once ? '' : '\n'}`);
  };
  const ends = { redraw: show, quit: () => quit.abort() };
  const terminal = screen && new TerminalSession({ screen, input: process.stdin, ...ends });

  terminal?.open();
  try {
    for await (const next of states(options, signal)) {
      state = next;
      const isWhole = (next.figures?.windowSeconds ?? 0) > 0;
      if (!once || isWhole) show();
      if (once && next.problem !== undefined) throw new EndpointError(`${shown} ${next.problem.message}`);
      if (once && isWhole) return;
      await sleep(intervalSeconds * 1000, undefined, { signal });
    }
  } catch (error) {
    if (!quit.signal.aborted) throw error;
  } finally {
    terminal?.close();
  }
}

/** Reads the endpoint each time the next state is asked for. */
async function* states(options: TopCommandOptions, signal: AbortSignal): AsyncGenerator<TopState, void, undefined> {
  const { shown: url, windowSeconds } = options;
  const endpoint = new Endpoint(options);
  const window = new ReadingWindow(windowSeconds);
  let figures: TopFigures | undefined;
  let failedSince: number | undefined;
  for (;;) {
    let problem: TopState['problem'];
    try {
      window.add(await endpoint.read(signal));
      figures = figuresOf(window.readings);
      failedSince = undefined;
    } catch (error) {
      if (!(error instanceof EndpointError)) throw error;
      window.clear();
      failedSince ??= performance.now();
      problem = { message: error.message, seconds: (performance.now() - failedSince) / 1000 };
    }
    yield { url, time: new Date().toTimeString().slice(0, 8), figures, problem };
  }
}

function asJson({ url, figures, problem }: TopState): object {
  const at = new Date().toISOString();
  return problem === undefined ? { at, url, ...figures } : { at, url, error: { message: `${url} ${problem.message}` } };
}

function textOf(state: TopState, columns: number | undefined): string {
  return topView(state, { columns })
    .map(({ text }) => text)
    .join('\n');
}
