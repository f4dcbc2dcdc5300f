import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MetricsServer, startMetricsServer } from 'tinyllm';

/** The tracked objects of the application. */
export interface Executors {
  /** Tracked as the node `router` of the graph `assistant`. */
  readonly router: { execute(question: string): Promise<string> };
  /** Tracked without options, so the label is the name of its class, `PlannerNode`. */
  readonly planner: { plan(steps: number): number };
  /** Tracked as requests to the model `echo`. */
  readonly client: { generate(prompt: string): Promise<string> };
}

/** The folder with the files by which the application and the spec exchange their state. */
const folder = process.env.APPLICATION_FOLDER ?? '.';

/** Whether the main thread responds to scrapes. In this case, the application doesn't block it. */
const isInProcess = process.env.APPLICATION_THREAD === 'false';

/** How long the application waits for the scrape, in milliseconds. */
const patience = 20_000;

export function startServer(): Promise<MetricsServer> {
  return startMetricsServer({ port: 0, thread: !isInProcess });
}

/** Makes tracked calls, of which two fail, and then blocks the main thread until the spec has scraped. */
export async function work({ router, planner, client }: Executors, url: string): Promise<void> {
  await router.execute('Is it raining?');
  await client.generate('hello there');
  for (const question of ['', 'forbidden']) await router.execute(question).catch(() => undefined);
  // No await from here on: the last call, writing the file `url` and the wait are in one turn of the event loop.
  planner.plan(3);
  writeFileSync(join(folder, 'url'), url);
  const deadline = Date.now() + patience;
  while (!existsSync(join(folder, 'scraped'))) {
    if (isInProcess) await sleep(25);
    if (Date.now() > deadline) throw new Error(`The application was not scraped within ${patience} ms.`);
  }
}

/** Runs the whole application: starts the server, does the work, and closes the server. */
export async function runApplication(executors: Executors): Promise<void> {
  const server = await startServer();
  await work(executors, server.url);
  await server.close();
  writeFileSync(join(folder, 'closed'), '');
}
