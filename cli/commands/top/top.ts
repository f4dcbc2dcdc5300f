import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../../command/command-context.js';
import { Endpoint } from './endpoint.js';
import { EndpointError } from './endpoint-error.js';
import { ReadingWindow } from './reading-window.js';
import { computeStatistics, type TopStatistics } from './statistics.js';
import { TerminalSession } from './terminal-session.js';
import { type TopState, topView } from './top-view.js';

/** Options of `tinyllm top`. */
export interface TopCommandOptions {
  /** The URL without user and password. */
  readonly url: string;
  /** The URL for messages, also without the query. */
  readonly shown: string;
  readonly authorization: string | undefined;
  /** Seconds between two scrapes. */
  readonly intervalSeconds: number;
  /** Seconds over which rates are calculated. */
  readonly windowSeconds: number;
  /** Whether to exit after the first view with rates, which needs two scrapes. */
  readonly once: boolean;
  /** Whether to print one JSON object per scrape. */
  readonly json: boolean;
}

/**
 * Shows live metrics of an endpoint until the signal is aborted or the key `q` is pressed. Draws on a terminal, and
 * prints lines otherwise.
 *
 * If the endpoint doesn't respond, shows the problem and retries. With `once`, throws an `EndpointError` instead.
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
  const callbacks = { redraw: show, quit: () => quit.abort() };
  const terminal = screen && new TerminalSession({ screen, input: process.stdin, ...callbacks });

  terminal?.open();
  try {
    for await (const next of states(options, signal)) {
      state = next;
      const hasRates = (next.statistics?.windowSeconds ?? 0) > 0;
      if (!once || hasRates) show();
      if (once && next.problem !== undefined) throw new EndpointError(`${shown} ${next.problem.message}`);
      if (once && hasRates) return;
      await sleep(intervalSeconds * 1000, undefined, { signal });
    }
  } catch (error) {
    if (!quit.signal.aborted) throw error;
  } finally {
    terminal?.close();
  }
}

/** Scrapes the endpoint each time the consumer requests the next state. */
async function* states(options: TopCommandOptions, signal: AbortSignal): AsyncGenerator<TopState, void, undefined> {
  const { shown: url, windowSeconds } = options;
  const endpoint = new Endpoint(options);
  const window = new ReadingWindow(windowSeconds);
  let statistics: TopStatistics | undefined;
  let failedSince: number | undefined;
  for (;;) {
    let problem: TopState['problem'];
    try {
      window.add(await endpoint.read(signal));
      statistics = computeStatistics(window.readings);
      failedSince = undefined;
    } catch (error) {
      if (!(error instanceof EndpointError)) throw error;
      window.clear();
      failedSince ??= performance.now();
      problem = { message: error.message, seconds: (performance.now() - failedSince) / 1000 };
    }
    yield { url, time: new Date().toTimeString().slice(0, 8), statistics, problem };
  }
}

function asJson({ url, statistics, problem }: TopState): object {
  const at = new Date().toISOString();
  return problem === undefined
    ? { at, url, ...statistics }
    : { at, url, error: { message: `${url} ${problem.message}` } };
}

function textOf(state: TopState, columns: number | undefined): string {
  return topView(state, { columns })
    .map(({ text }) => text)
    .join('\n');
}
