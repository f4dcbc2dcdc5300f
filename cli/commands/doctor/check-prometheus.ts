import { shownUrl, withoutUrlSecrets } from 'tinyllm/configuration';
import { readText } from 'tinyllm/recording';
import { pushFailure } from 'tinyllm/server';
import { z } from 'zod';
import type { TopUrl } from '../top/top-url.js';
import { type Finding, failed, note, ok } from './finding.js';

const answerWithin = 5000;
/** A target takes about 1 KiB. */
const limits = { bytes: 64 * 1024 ** 2 };
/** Below that many seconds between two scrapes, a Prometheus keeps much more than anybody reads. */
const shortInterval = 5;

/** What Prometheus tells of its targets. Source: https://prometheus.io/docs/prometheus/latest/querying/api/#targets */
const answerShape = z.object({
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

type Target = z.infer<typeof answerShape>['data']['activeTargets'][number];

/** A Prometheus, and what it is to scrape. */
export interface PrometheusCheck {
  readonly prometheus: TopUrl;
  /** The endpoint that is to be among its targets; default whatever the job `tinyllm` has. */
  readonly endpoint: TopUrl | undefined;
}

/** Looks whether a Prometheus scrapes TinyLLM, and what it says of that. */
export async function checkPrometheus({ prometheus, endpoint }: PrometheusCheck): Promise<readonly Finding[]> {
  const { origin, pathname, search } = new URL(prometheus.url);
  const base = origin + pathname.replace(/\/(?:metrics)?$/, '');
  let active: readonly Target[];
  try {
    active = await readTargets(
      `${base}/api/v1/targets${search === '' ? '?' : `${search}&`}state=active`,
      prometheus.authorization,
    );
  } catch (error) {
    const why = pushFailure(error).replace(/\.$/, '');
    return [
      failed('prometheus', `${base} does not tell its targets: ${why}`, 'name the URL of a Prometheus that runs'),
    ];
  }
  const targets = active.filter((target) =>
    endpoint === undefined ? target.labels.job === 'tinyllm' : isSame(target.scrapeUrl, endpoint.url),
  );
  if (targets.length > 0) return targets.map(targetFinding);
  const wanted = endpoint === undefined ? 'of the job tinyllm' : endpoint.shown;
  const fix = `\`tinyllm monitoring export --dir monitoring --target ${endpoint === undefined ? 'HOST:PORT' : new URL(endpoint.url).host}\` writes its configuration`;
  return [failed('prometheus', `${base} has ${active.length} targets, but none ${wanted}`, fix)];
}

async function readTargets(url: string, authorization: string | undefined): Promise<readonly Target[]> {
  const response = await fetch(url, {
    headers: { Connection: 'close', ...(authorization === undefined ? {} : { Authorization: authorization }) },
    signal: AbortSignal.timeout(answerWithin),
  });
  if (!response.ok) throw new Error(`it answers with status ${response.status}`);
  const text = await readText(
    response,
    limits,
    () => new Error(`it answers with more than ${limits.bytes / 1024 ** 2} MiB`),
  );
  const parsed = answerShape.safeParse(jsonIn(text));
  if (!parsed.success) throw new Error('what it answers is not of a Prometheus');
  return parsed.data.data.activeTargets;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function targetFinding({ health, lastError, scrapeInterval = '', ...target }: Target): Finding {
  const scrapeUrl = shownUrl(target.scrapeUrl);
  if (health === 'down') {
    const fix =
      'let TinyLLM listen where Prometheus can reach it (--host or --metrics-host), with what --web-config-file asks for';
    return failed('prometheus', `cannot scrape ${scrapeUrl}: ${withoutUrlSecrets(lastError)}`, fix);
  }
  if (health !== 'up') return note('prometheus', `has not scraped ${scrapeUrl} yet`, 'look again in a minute');
  const seconds = Number(/^(\d+)s$/.exec(scrapeInterval)?.[1]);
  if (seconds < shortInterval) {
    return note(
      'prometheus',
      `scrapes ${scrapeUrl} every ${scrapeInterval}`,
      'scrape_interval: 15s to 30s suits most uses',
    );
  }
  return ok('prometheus', `scrapes ${scrapeUrl}${scrapeInterval === '' ? '' : ` every ${scrapeInterval}`}`);
}

function isSame(scrapeUrl: string, endpoint: string): boolean {
  const [one, other] = [new URL(scrapeUrl), new URL(endpoint)];
  const isHere = ({ hostname }: URL): boolean => /^(?:localhost|127\..*|\[::1\])$/.test(hostname);
  return one.port === other.port && (one.hostname === other.hostname || (isHere(one) && isHere(other)));
}
