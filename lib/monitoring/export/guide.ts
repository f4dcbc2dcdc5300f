import { leaves, ruleFileNames } from '../configurations/prometheus.js';
import { leafJobOf, type MonitoringSettings } from '../settings/settings.js';

/** Returns the README of the exported files, as Markdown. */
export function guide(settings: MonitoringSettings): string {
  return `# Monitoring TinyLLM

\`tinyllm monitoring export\` generated this folder. Instead of editing files, generate them again with \`--force\`.

\`\`\`bash
docker compose up -d   # Prometheus on 9091, Alertmanager on 9093, Grafana on 3000; only on loopback
\`\`\`

The containers use the host's network to reach ${settings.targets.map((target) => `\`${target}\``).join(', ')}. If
your system doesn't support that, run the three programs without containers. They read the same files.

| path                       | purpose                                                                                 |
| -------------------------- | --------------------------------------------------------------------------------------- |
| \`compose.yaml\`             | Docker Compose: everything below except federation and remote write                     |
| \`prometheus/\`              | a Prometheus that scrapes, records and alerts, with its rules and their tests           |
| \`alertmanager/\`            | grouping and routes of alerts; add your receivers                                       |
| \`grafana/\`                 | dashboards, and the provisioning that loads them into Grafana                           |
| \`federation/\`              | two Prometheus servers that scrape, and a global server that federates them             |
| \`remote-write/\`            | two Prometheus agents that scrape, and a global server they write to                    |
| \`runbook.md\`               | the meaning of each alert and what to do; also available as a dashboard                 |

After you change a rule, run \`promtool test rules prometheus/rules.test.yml\`.

## Several instances

Each instance serves its own metrics. In most cases, one Prometheus can scrape all of them: list them under
\`targets\`.

**Federation** helps if one Prometheus can't reach all instances or store all series. ${leaves.length} leaves scrape
the instances and run the recording rules (\`${ruleFileNames.recording}\`). The global server reads the recorded
series and \`up\` from \`/federate\`, and runs the alerts (\`${ruleFileNames.alerts}\`). Recorded series are sums or
maxima over instances, and the global server combines them. Except for \`up\`, it has no series of single instances.
So use the Fleet dashboard with the global server, and the other dashboards with the leaves.

- If an instance stops, the leaf removes it from its sums at the next scrape, and then the global server does the same.
  Rates include it until their time window has passed. The alert \`TinyLLMTargetDown\` names the instance.
- If a leaf stops, the next scrape removes its instances from the global sums, because \`honor_timestamps\` is off.
  The instances of the other leaf remain. \`TinyLLMTargetDown\` names the leaf, with the job
  \`${leafJobOf(settings.job)}\`.
- After the leaf has restarted, its instances are in the sums again. Their counters include the time without the leaf;
  only the samples of that time are missing.
- The names in the files, such as \`instance-1\` and \`leaf-a\`, are examples. Replace them.

**Remote write** helps if the global server needs every series. Agents scrape the instances and send the samples to
the global server. If it is not available, they buffer the samples and send them later:

\`\`\`bash
prometheus --enable-feature=agent --config.file=remote-write/agent-a.yml --storage.agent.path=data-a --web.listen-address=:9091
prometheus --web.enable-remote-write-receiver --config.file=remote-write/global.yml --web.listen-address=:9091
\`\`\`

From Prometheus 3 on, the first flag is \`--agent\`. The global server runs all rules, so use all dashboards with it.

- If an instance stops, its agent reports that within seconds, and the sums exclude it.
- If an agent stops, the last values of its instances remain for five minutes. The global server also scrapes the
  agents, so \`TinyLLMTargetDown\` fires earlier.
`;
}
