import { defaultSettings, findLabelProblem, type MonitoringSettings } from '@tinyllm/monitoring/settings';
import { catalog } from 'tinyllm/catalog';
import { type CommandArguments, quoted } from '../../command/command-arguments.js';
import { debug, text } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { readOnOff } from '../../flags/on-off.js';

const { availability, latency } = defaultSettings;

/** `tinyllm monitoring export`. */
export const monitoringExport: CommandDeclaration = {
  name: 'monitoring export',
  summary: 'Write dashboards, rules, alerts and configurations',
  details: 'The files are for Grafana, Prometheus and Alertmanager.',

  flags: {
    dir: { ...text, describe: 'Folder to write to; created if it does not exist' },
    force: { type: 'boolean', describe: 'Overwrite existing files that differ' },
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
    label: {
      ...text,
      describe:
        'Name of an additional label of your application, such as tenant, without a value; the dashboards filter by it; repeatable',
      defaultDescription: 'none',
    },
    'native-histograms': {
      ...text,
      describe:
        'Use native histograms in rules, dashboards and configurations: on or off; without a value: on; needs Prometheus 3.8 or later',
      defaultDescription: 'off',
    },
    availability: {
      ...text,
      describe: 'Objective: percentage of requests that must succeed',
      defaultDescription: String(availability.share * 100),
    },
    'latency-seconds': {
      ...text,
      describe:
        'Objective: maximum duration of a request in seconds; a bucket bound of the latency histogram, unless --native-histograms is given',
      defaultDescription: String(latency.seconds),
    },
    'latency-share': {
      ...text,
      describe: 'Objective: percentage of requests within that duration',
      defaultDescription: String(latency.share * 100),
    },
    'runbook-url': {
      ...text,
      describe: 'URL of the runbook, for links in alerts',
      defaultDescription: 'the Runbook dashboard in Grafana',
    },
    debug,
  },
  example: ['tinyllm monitoring export --dir monitoring', 'Write all files for a TinyLLM on this machine'],
  secondExample: [
    'tinyllm monitoring export --dir monitoring --native-histograms --latency-seconds 7',
    'Write the files for native histograms, with any duration as the objective',
  ],
  read: (args) => {
    args.rejectWords();
    const dir = args.text('dir', 'a folder');
    if (dir === undefined) throw args.usageError('monitoring export got no --dir; expected the folder to write to.');
    const options = { dir, force: args.switch('force'), settings: readSettings(args) };
    return async (context) => (await import('./monitoring-export.js')).monitoringExport(options, context);
  },
};

function readSettings(args: CommandArguments): MonitoringSettings {
  const targets = args.texts('target', expectedTarget).map((target) => readTarget(args, target));
  return {
    datasource: args.text('datasource', 'the name of a data source') ?? defaultSettings.datasource,
    job: readJob(args),
    targets: targets.length === 0 ? defaultSettings.targets : targets,
    labels: readLabels(args),
    nativeHistograms: readOnOff(args, 'native-histograms'),
    availability: { share: readShare(args, 'availability') ?? availability.share },
    latency: {
      seconds: readBound(args),
      share: readShare(args, 'latency-share') ?? latency.share,
    },
    runbookUrl: readRunbookUrl(args),
  };
}

const expectedTarget = 'HOST:PORT, such as localhost:9090';

function readTarget(args: CommandArguments, target: string): string {
  const [, port = ''] = /^(?:[\w.-]+|\[[\da-f:.]+\]):(\d{1,5})$/i.exec(target) ?? [];
  if (Number(port) > 0 && Number(port) <= 65_535) return target;
  throw args.usageError(`--target got ${quoted(target)}; expected ${expectedTarget}.`);
}

function readLabels(args: CommandArguments): readonly string[] {
  const labels = args.texts('label', 'the name of a label, such as tenant');
  const problem = findLabelProblem(labels);
  if (problem === undefined) return labels;
  throw args.usageError(`--label ${problem}`);
}

/** Rejects braces, because annotations are templates. Rejects `#`, because each alert adds its own anchor. */
function readRunbookUrl(args: CommandArguments): string {
  const url = args.text('runbook-url', expectedRunbook) ?? defaultSettings.runbookUrl;
  const isWeb = /^https?:\/\/[^\s#{}]+$/i.test(url) && URL.canParse(url);
  if (isWeb) return url;
  throw args.usageError(`--runbook-url got ${quoted(url)}; expected ${expectedRunbook}.`);
}

const expectedRunbook = 'an http:// or https:// URL without #, spaces or braces';

/** Rejects characters that would have to be escaped in PromQL expressions. */
function readJob(args: CommandArguments): string {
  const job = args.text('job', 'the name of a scrape job') ?? defaultSettings.job;
  if (/^[\w:/-]+$/.test(job)) return job;
  throw args.usageError(`--job got ${quoted(job)}; expected letters, digits, _, -, : and /.`);
}

/** Reads a percentage as a share. Objectives below 90 % are not supported. */
function readShare(args: CommandArguments, flag: string): number | undefined {
  const value = args.text(flag, expectedPercent);
  if (value === undefined) return undefined;
  const percent = /^\d{2}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN;
  if (percent >= 90) return Number((percent / 100).toPrecision(6));
  throw args.usageError(`--${flag} got ${quoted(value)}; expected ${expectedPercent}.`);
}

const expectedPercent = 'a percentage from 90 to 99.999, such as 99.9';

/**
 * A classic histogram knows the exact number of requests below a duration only if that duration is a bucket bound. In a
 * native histogram, the buckets are narrow, and Prometheus interpolates.
 */
function readBound(args: CommandArguments): number {
  const seconds = args.seconds('latency-seconds') ?? latency.seconds;
  if (readOnOff(args, 'native-histograms')) {
    if (seconds > 0) return seconds;
    throw args.usageError(`--latency-seconds got ${seconds}; expected more than 0 seconds, such as 2.5.`);
  }
  const bounds: readonly number[] = catalog.requestLatency.buckets ?? [];
  if (bounds.includes(seconds)) return seconds;
  throw args.usageError(
    `--latency-seconds got ${seconds}; expected a bucket bound of the latency histogram: one of ${bounds.join(', ')}. With --native-histograms, any duration is possible.`,
  );
}
