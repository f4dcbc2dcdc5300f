import type { IncomingMessage } from 'node:http';
import type { MetricsCollector } from '../collector.js';
import type { Exchange } from './exchange.js';
import type { Refusal } from './refusal.js';
import { refusedTarget } from './target.js';

/** Why a proxy answers itself. */
export type RefusalReason = 'malformed' | 'target' | 'host' | 'key' | 'rate' | 'queue' | 'upstream';

/** What is to be done with a request, by its head. */
export interface Verdict {
  readonly refusal?: Refusal & { readonly reason: RefusalReason };
  /** Whose it is, where there are keys. */
  readonly key?: string | undefined;
}

/** How a request is let in. */
export interface AdmitOptions {
  readonly key: string | undefined;
  readonly onRefused: (reason: RefusalReason) => void;
}

/** Whom a proxy lets in, and how many at a time. */
export interface GateOptions {
  /** Where the proxy listens. */
  readonly host: string;
  readonly collector: MetricsCollector;
}

/** Who may come in to a proxy, and when. */
export class Gate {
  readonly takesAuthorization = false;

  static async open(_options: GateOptions): Promise<Gate> {
    return new Gate();
  }

  judge(request: IncomingMessage): Verdict {
    const refusal = refusedTarget(request);
    return refusal === undefined ? {} : { refusal: { ...refusal, reason: 'target' } };
  }

  admit(exchange: Exchange, _options: AdmitOptions): void {
    exchange.start();
  }
}
