import { expect } from 'chai';
import * as original from 'prom-client';
import * as replacement from '../../lib/prom-client/index.js';

/** The API that prom-client and its replacement have in common. prom-client declares an enum that it doesn't export. */
export type PromClient = Omit<typeof original, 'MetricType' | 'default'>;

/** The result or the error of a program, in a comparable form. */
type Outcome = { readonly returned: unknown } | { readonly thrown: string };

/** prom-client and the replacement, by name. The assignments fail to compile if a type is not compatible. */
export const promClients: Readonly<Record<'original' | 'replacement', PromClient>> = { original, replacement };

/**
 * Runs a program with prom-client and with the replacement. Fails if they return or throw something different. The
 * default registries are empty before and after each run.
 */
export async function expectSame(program: (client: PromClient) => unknown): Promise<unknown> {
  const expected = await outcomeOf(program, original);
  const actual = await outcomeOf(program, replacement);
  expect(actual).to.deep.equal(expected);
  return 'returned' in actual ? actual.returned : actual.thrown;
}

async function outcomeOf(program: (client: PromClient) => unknown, client: PromClient): Promise<Outcome> {
  client.register.clear();
  try {
    return { returned: await program(client) };
  } catch (error) {
    return { thrown: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  } finally {
    client.register.clear();
    client.register.setContentType(client.prometheusContentType);
  }
}

/** Calls a function. Returns the name and the message of its error, or undefined if it throws none. */
export function errorOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}
