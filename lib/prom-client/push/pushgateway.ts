import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Pushgateway as Original, Registry as OriginalRegistry, RegistryContentType } from 'prom-client-original';
import { register } from '../registries/default-registry.js';

/** The options of a {@link Pushgateway}: those of Node's HTTP requests, and `requireJobName` (default true). */
type PushgatewayOptions = RequestOptions & { readonly requireJobName?: boolean };

/** The response of a Pushgateway, and its body. */
export interface PushResult {
  readonly resp?: IncomingMessage;
  readonly body?: string;
}

/** Pushes the metrics of a registry to a Pushgateway. */
export class Pushgateway<ContentType extends RegistryContentType> {
  gatewayUrl: string;
  registry: OriginalRegistry<ContentType>;
  /** Whether a push without a job name throws. */
  requireJobName: boolean;
  /** The options of Node's HTTP requests. */
  requestOptions: RequestOptions;

  /**
   * @param gatewayUrl The URL, with a path if the Pushgateway is not at the root.
   * @param options Options of Node's HTTP requests, such as `timeout` and `headers`. With the header
   * `Content-Encoding: gzip`, the metrics are compressed.
   * @param registry The registry to push; default `register`.
   */
  // biome-ignore lint/suspicious/noExplicitAny: prom-client's type; some users pass the options of other HTTP clients.
  constructor(gatewayUrl: string, options?: any, registry?: OriginalRegistry<ContentType>) {
    const { requireJobName = true, ...requestOptions }: PushgatewayOptions = options ?? {};
    this.gatewayUrl = gatewayUrl;
    this.registry = registry || (register as unknown as OriginalRegistry<ContentType>);
    this.requireJobName = requireJobName;
    this.requestOptions = requestOptions;
  }

  /** Pushes all metrics. Metrics of the group with other names stay. @throws {Error} if `jobName` is missing. */
  pushAdd(parameters?: Pushgateway.Parameters): Promise<PushResult> {
    return this.#send('POST', this.#pathOf(parameters));
  }

  /** Pushes all metrics and replaces the whole group. @throws {Error} if `jobName` is missing. */
  push(parameters?: Pushgateway.Parameters): Promise<PushResult> {
    return this.#send('PUT', this.#pathOf(parameters));
  }

  /** Deletes all metrics of the group. @throws {Error} if `jobName` is missing. */
  delete(parameters?: Pushgateway.Parameters): Promise<PushResult> {
    return this.#send('DELETE', this.#pathOf(parameters));
  }

  #pathOf({ jobName, groupings }: Partial<Pushgateway.Parameters> = {}): string {
    if (!jobName) {
      if (this.requireJobName) throw new Error('Missing jobName parameter');
      return '/metrics';
    }
    const parts = [['job', jobName], ...Object.entries(groupings ?? {})];
    return `/metrics/${parts.flat().map(encodeURIComponent).join('/')}`;
  }

  /** Starts the request at once. The body follows when the metrics are rendered. */
  async #send(method: 'POST' | 'PUT' | 'DELETE', path: string): Promise<PushResult> {
    const url = new URL(this.gatewayUrl);
    const options: RequestOptions = {
      ...urlToHttpOptions(url),
      path: `${url.pathname === '/' ? '' : url.pathname}${path}`,
      ...this.requestOptions,
      method,
    };
    const headers = options.headers as Readonly<Record<string, unknown>> | undefined;
    const isCompressed = headers?.['Content-Encoding'] === 'gzip';
    if (method === 'DELETE' && isCompressed) {
      const { 'Content-Encoding': _, ...others } = options.headers as Readonly<Record<string, string>>;
      options.headers = others;
    }
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request = send(options, (response) => readResponse(response).then(resolve, reject));
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error('Pushgateway request timed out')));
      if (method === 'DELETE') request.end();
      else {
        this.registry.metrics().then(
          (text) => request.end(isCompressed ? gzipSync(text) : text),
          (error) => {
            reject(error);
            request.destroy();
          },
        );
      }
    });
  }
}

export declare namespace Pushgateway {
  /** The group of metrics to push to: the job, and other labels. */
  export type Parameters = Original.Parameters;
}

async function readResponse(response: IncomingMessage): Promise<PushResult> {
  response.setEncoding('utf8');
  let body = '';
  for await (const chunk of response) body += chunk;
  if ((response.statusCode ?? 0) >= 400) throw new Error(`push failed with status ${response.statusCode}, ${body}`);
  return { resp: response, body };
}
