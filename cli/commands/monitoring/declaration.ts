import { defaultSettings, type MonitoringSettings } from '@tinyllm/monitoring/settings';
import { catalog } from 'tinyllm/catalog';
import { debug, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { type Given, quoted } from '../../command/given.js';

const { availability, latency } = defaultSettings;

/** `tinyllm monitoring export`. */
export const monitoringExport: CommandDeclaration = {
  name: 'monitoring export',
  summary: 'Write dashboards, rules, alerts and configurations',
  details: 'For Grafana, Prometheus and Alertmanager.',
  flags: {
    dir: { ...text, describe: 'Folder to write to; made if it is not there' },
    force: { type: 'boolean', describe: 'Replace files that are there and differ' },
    datasource: {
      ...text,
      describe: "Name of Grafana's Prometheus data source",
      defaultDescription: defaultSettings.datasource,
    },
    job: { ...text, describe: 'Name of the scrape job', defaultDescription: defaultSettings.job },
    target: {
      ...text,
      describe: 'HOST:PORT where TinyLLM serves its metrics; repeatable',
      defaultDescription: defaultSettings.targets.join(' '),
    },
    availability: {
      ...text,
      describe: 'Objective: percent of requests that shall not fail',
      defaultDescription: String(availability.share * 100),
    },
    'latency-seconds': {
      ...text,
      describe: "Objective: seconds a request shall be over within; one of the latency histogram's bounds",
      defaultDescription: String(latency.seconds),
    },
    'latency-share': {
      ...text,
      describe: 'Objective: percent of requests that shall be over by then',
      defaultDescription: String(latency.share * 100),
    },
    'runbook-url': {
      ...text,
      describe: 'Where alerts link to',
      defaultDescription: "the runbook's dashboard in Grafana",
    },
    debug,
  },
  example: ['tinyllm monitoring export --dir monitoring', 'Write the kit for a TinyLLM on this machine'],
  read: (given) => {
    given.nothingElse();
    const dir = given.text('dir', 'a folder');
    if (dir === undefined) throw given.wrong('monitoring export got no --dir; expected the folder to write to.');
    const options = { dir, force: given.switch('force'), settings: readSettings(given) };
    return async (context) => (await import('./monitoring-export.js')).monitoringExport(options, context);
  },
};

function readSettings(given: Given): MonitoringSettings {
  const targets = given.texts('target', expectedTarget).map((target) => readTarget(given, target));
  return {
    datasource: given.text('datasource', 'the name of a data source') ?? defaultSettings.datasource,
    job: readJob(given),
    targets: targets.length === 0 ? defaultSettings.targets : targets,
    availability: { share: readShare(given, 'availability') ?? availability.share },
    latency: {
      seconds: readBound(given),
      share: readShare(given, 'latency-share') ?? latency.share,
    },
    runbookUrl: readRunbookUrl(given),
  };
}

const expectedTarget = 'HOST:PORT, such as localhost:9090';

function readTarget(given: Given, target: string): string {
  const [, port = ''] = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(target) ?? [];
  if (Number(port) > 0 && Number(port) <= 65_535) return target;
  throw given.wrong(`--target got ${quoted(target)}; expected ${expectedTarget}.`);
}

/** Prometheus reads annotations as templates, and each alert puts its own name behind `#`. */
function readRunbookUrl(given: Given): string {
  const url = given.text('runbook-url', expectedRunbook) ?? defaultSettings.runbookUrl;
  const isWeb = /^https?:\/\/[^\s#{}]+$/i.test(url) && URL.canParse(url);
  if (isWeb) return url;
  throw given.wrong(`--runbook-url got ${quoted(url)}; expected ${expectedRunbook}.`);
}

const expectedRunbook = 'an http:// or https:// URL without #, spaces and braces';

/** A job's name stands in expressions, where anything but these would have to be escaped. */
function readJob(given: Given): string {
  const job = given.text('job', 'the name of a scrape job') ?? defaultSettings.job;
  if (/^[\w:/-]+$/.test(job)) return job;
  throw given.wrong(`--job got ${quoted(job)}; expected letters, digits, _, -, : and /.`);
}

/** Percent as a share; below 90 even an outage would burn a month's budget too slowly to be told apart. */
function readShare(given: Given, flag: string): number | undefined {
  const value = given.text(flag, expectedPercent);
  if (value === undefined) return undefined;
  const percent = /^\d{2}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN;
  if (percent >= 90) return Number((percent / 100).toPrecision(6));
  throw given.wrong(`--${flag} got ${quoted(value)}; expected ${expectedPercent}.`);
}

const expectedPercent = 'percent from 90 to 99.999, such as 99.9';

/** Only at the bounds of its buckets does a histogram know how many were faster. */
function readBound(given: Given): number {
  const seconds = given.seconds('latency-seconds') ?? latency.seconds;
  const bounds: readonly number[] = catalog.requestLatency.buckets ?? [];
  if (bounds.includes(seconds)) return seconds;
  throw given.wrong(
    `--latency-seconds got ${seconds}; expected a bound of the latency histogram: one of ${bounds.join(', ')}.`,
  );
}
