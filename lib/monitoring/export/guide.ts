import { catalog } from 'tinyllm/catalog';
import { leaves, ruleFileNames } from '../configurations/prometheus.js';
import { leafJobOf, type MonitoringSettings } from '../settings/settings.js';

/** Returns the README of the exported files, as Markdown. */
export function guide(settings: MonitoringSettings): string {
  return `# Monitoring TinyLLM

\`tinyllm monitoring export\` generated this folder. To start Prometheus, Alertmanager and Grafana:

\`\`\`bash
docker compose up -d   # Prometheus on 9091, Alertmanager on 9093, Grafana on 3000; only on loopback
\`\`\`

The containers use the host's network to reach ${settings.targets.map((target) => `\`${target}\``).join(', ')}. If
your system doesn't support that, run the three programs without containers. They read the same files.

| path                       | purpose                                                                                 |
| -------------------------- | --------------------------------------------------------------------------------------- |
| \`compose.yaml\`             | Docker Compose: everything below except federation and remote write                     |
| \`prometheus/\`              | a Prometheus that scrapes, records and alerts, with its rules and their tests           |
| \`alertmanager/\`            | grouping and routes of alerts, and the receivers                                        |
| \`grafana/\`                 | dashboards, and the provisioning that loads them into Grafana                           |
| \`federation/\`              | two Prometheus servers that scrape, and a global server that federates them             |
| \`remote-write/\`            | two Prometheus agents that scrape, and a global server that gets their samples          |
| \`runbook.md\`               | the meaning of each alert and what to do; also available as a dashboard                 |

## Change the files

- To change settings such as the objectives, the job or the targets, run \`tinyllm monitoring export\` again with
  \`--force\` and all flags for your settings.
- To change anything else, edit the files. For example, add your receivers to \`alertmanager/alertmanager.yml\`. After
  you change a rule, run \`promtool test rules prometheus/rules.test.yml\`.
- \`--force\` overwrites every generated file that you have edited. So keep a copy of your changes, and apply them again
  afterwards. Files that you added to the folder remain.

${settings.nativeHistograms === true ? nativeHistograms : ''}## Several instances

Each instance serves its own metrics. In most cases, one Prometheus can scrape all of them: pass \`--target\`
for each instance.

**Federation** helps if one Prometheus can't reach all instances or store all series. In the generated files,
${leaves.length} Prometheus servers scrape the instances and run the recording rules (\`${ruleFileNames.recording}\`). These
servers are called leaves. The global server is another Prometheus. It reads the recorded series and \`up\` from the path
\`/federate\` of the leaves, and runs the alerts (\`${ruleFileNames.alerts}\`). Recorded series are sums or maxima over
instances, and the global server combines them. Except for \`up\`, the global server has no series of single instances.
So use the Fleet dashboard with the global server, and the other dashboards with the leaves.

- If an instance stops, its leaf removes the instance from the recorded sums at the next scrape. Then the global server
  does the same. Rates include the instance until their time window has passed. The alert \`TinyLLMTargetDown\` names
  the instance.
- If a leaf stops, the next scrape removes its instances from the global sums, because \`honor_timestamps\` is off.
  The instances of the other leaf remain. \`TinyLLMTargetDown\` names the leaf, with the job
  \`${leafJobOf(settings.job)}\`.
- After the leaf has restarted, its instances are in the sums again. The counters of the instances include the time
  without the leaf. Only the samples of that time are missing.
- The names in the files, such as \`instance-1\` and \`leaf-a\`, are examples. Replace them.

**Remote write** helps if the global server needs every series. Agents are Prometheus servers in agent mode. They
scrape the instances and send the samples to the global server. If the global server is not available, the agents buffer
the samples and send them later. Start an agent and the global server:

\`\`\`bash
prometheus --agent --config.file=remote-write/agent-a.yml --storage.agent.path=data-a --web.listen-address=:9091
prometheus --web.enable-remote-write-receiver --config.file=remote-write/global.yml --web.listen-address=:9091
\`\`\`

These commands are for Prometheus 3. With Prometheus 2, pass \`--enable-feature=agent\` instead of \`--agent\`. The global
server runs all rules, so use all dashboards with the global server.

- If an instance stops, its agent reports that within seconds, and the sums exclude the instance.
- If an agent stops, the last values of its instances remain for five minutes. The global server also scrapes the
  agents, so \`TinyLLMTargetDown\` fires earlier.
`;
}

/** The section about native histograms. */
const nativeHistograms = `## Native histograms

The rules, their tests and the dashboards in this folder read native histograms. You need Prometheus 3.8 or later, and
instances that serve native histograms: call \`configureMetrics({ nativeHistograms: true })\`, set
\`TINYLLM_NATIVE_HISTOGRAMS=on\`, or add \`--native-histograms\` to the end of the command, as in
\`tinyllm serve --metrics-port 9090 --native-histograms\`.

- \`scrape_native_histograms: true\` makes Prometheus scrape native histograms. It then doesn't store the classic series
  \`_bucket\`, \`_sum\` and \`_count\` of these histograms.
- If your own queries need the classic series, add \`always_scrape_classic_histograms: true\` to the scrape job.
  Prometheus then stores both. Remove the option after you have changed the queries.
- If your instances don't serve native histograms yet, add \`convert_classic_histograms_to_nhcb: true\` to the scrape
  jobs. Prometheus then converts classic histograms. The rules and dashboards work, with the resolution of the classic
  buckets. Prometheus can't sum converted and native histograms in one query, so change all instances
  at the same time.
- \`${catalog.scrapeDuration.name}\` is always classic, because several threads write it. If Prometheus converts classic
  histograms, the panel "Scrape duration (p95)" also needs \`always_scrape_classic_histograms: true\`.
- The recorded series have the same names as with classic histograms. So some names contain \`le\` and \`_bucket\`, but
  these series are native histograms without the label \`le\`.
- The shares of the latency objective are interpolated in the bucket that contains the objective. This bucket is about
  9 % wide.

Prometheus can also use the start timestamps that instances send. Start it with
\`--enable-feature=created-timestamp-zero-ingestion\`. It then stores a 0 at the start of each counter and histogram. So
\`increase()\` of a counter that Prometheus first sees at 1 is about 1. Without the flag, it is 0.

`;
