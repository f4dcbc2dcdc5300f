import { shownUrl, withoutUrlSecrets } from 'tinyllm/configuration';
import { pushFailure as requestFailure } from 'tinyllm/server';
import { z } from 'zod';
import type { TopUrl } from '../top/top-url.js';
import { type Finding, failed, note, ok } from './finding.js';
import { askPrometheus, prometheusBase } from './prometheus-api.js';

/** Intervals below this number of seconds store more samples than most users need. */
const shortInterval = 5;

/** The targets in a response of Prometheus. Source: https://prometheus.io/docs/prometheus/latest/querying/api/#targets */
const responseSchema = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        scrapeUrl: z.string(),
        labels: z.record(z.string(), z.string()),
        health: z.string(),
        lastError: z.string(),
        scrapeInterval: z.string().optional(),
      }),
    ),
  }),
});

type Target = z.infer<typeof responseSchema>['data']['activeTargets'][number];

/** The Prometheus to check, and the endpoint it should scrape. */
export interface PrometheusCheck {
  readonly prometheus: TopUrl;
  /** The expected target. Default: all targets of the job `tinyllm`. */
  readonly endpoint: TopUrl | undefined;
}

/** Checks that a Prometheus scrapes TinyLLM without errors. */
export async function checkPrometheus({ prometheus, endpoint }: PrometheusCheck): Promise<readonly Finding[]> {
  const base = prometheusBase(prometheus);
  let active: readonly Target[];
  try {
    active = await readTargets(prometheus);
  } catch (error) {
    const reason = requestFailure(error).replace(/\.$/, '');
    return [
      failed('prometheus', `cannot read the targets of ${base}: ${reason}`, 'pass the URL of a running Prometheus'),
    ];
  }
  const targets = active.filter((target) =>
    endpoint === undefined ? target.labels.job === 'tinyllm' : isSameEndpoint(target.scrapeUrl, endpoint.url),
  );
  if (targets.length > 0) return targets.map(targetFinding);
  const expected = endpoint === undefined ? 'has the job tinyllm' : `is ${endpoint.shown}`;
  const fix = `\`tinyllm monitoring export --dir monitoring --target ${endpoint === undefined ? 'HOST:PORT' : new URL(endpoint.url).host}\` writes a configuration`;
  return [failed('prometheus', `${base} has ${active.length} targets, but none ${expected}`, fix)];
}

async function readTargets(prometheus: TopUrl): Promise<readonly Target[]> {
  const parsed = responseSchema.safeParse(await askPrometheus(prometheus, 'targets', 'state=active'));
  if (!parsed.success) throw new Error('its response is not from Prometheus');
  return parsed.data.data.activeTargets;
}

function targetFinding({ health, lastError, scrapeInterval = '', ...target }: Target): Finding {
  const scrapeUrl = shownUrl(target.scrapeUrl);
  if (health === 'down') {
    const fix =
      'serve the metrics on an address that Prometheus can reach (--host or --metrics-host), and add the credentials of --web-config-file to its scrape configuration';
    return failed('prometheus', `cannot scrape ${scrapeUrl}: ${withoutUrlSecrets(lastError)}`, fix);
  }
  if (health !== 'up') return note('prometheus', `has not scraped ${scrapeUrl} yet`, 'repeat the check in a minute');
  const seconds = Number(/^(\d+)s$/.exec(scrapeInterval)?.[1]);
  if (seconds < shortInterval) {
    return note('prometheus', `scrapes ${scrapeUrl} every ${scrapeInterval}`, 'set scrape_interval to 15s or 30s');
  }
  return ok('prometheus', `scrapes ${scrapeUrl}${scrapeInterval === '' ? '' : ` every ${scrapeInterval}`}`);
}

function isSameEndpoint(scrapeUrl: string, endpoint: string): boolean {
  const [one, other] = [new URL(scrapeUrl), new URL(endpoint)];
  const isLocal = ({ hostname }: URL): boolean => /^(?:localhost|127\..*|\[::1\])$/.test(hostname);
  return one.port === other.port && (one.hostname === other.hostname || (isLocal(one) && isLocal(other)));
}
