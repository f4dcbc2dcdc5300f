import { leaves, ruleFileNames } from '../configurations/prometheus.js';
import { leafJobOf, type MonitoringSettings } from '../settings/settings.js';

/** What the exported files are and how to use them, as Markdown. */
export function guide(settings: MonitoringSettings): string {
  return `# Monitoring TinyLLM

Written by \`tinyllm monitoring export\`; write it anew rather than edit it, with \`--force\`.

\`\`\`bash
docker compose up -d   # Prometheus on 9091, Alertmanager on 9093, Grafana on 3000: loopback alone
\`\`\`

The containers share the host's network, so that they reach ${settings.targets.map((target) => `\`${target}\``).join(', ')}. Where
that is not possible, run the three programs by themselves: the files are their own.

| path                       | for                                                                                     |
| -------------------------- | --------------------------------------------------------------------------------------- |
| \`compose.yaml\`             | Docker Compose: all of the below but federation and remote write                        |
| \`prometheus/\`              | a Prometheus that scrapes, records and alerts; its rules and their tests                |
| \`alertmanager/\`            | grouping and routes; put your receivers in                                              |
| \`grafana/\`                 | dashboards, and provisioning that brings them into Grafana                              |
| \`federation/\`              | two Prometheus servers that scrape, and a global one above                              |
| \`remote-write/\`            | two Prometheus agents that scrape, and a global server they write to                    |
| \`runbook.md\`               | what each alert means and what to do; a dashboard has it as well                        |

After a change of a rule: \`promtool test rules prometheus/rules.test.yml\`.

## Several instances

Each instance serves metrics of its own. One Prometheus that scrapes them all is enough for most: list them under \`targets\`.

**Federation**, when one Prometheus cannot reach or hold all. ${leaves.length} leaves scrape and record
(\`${ruleFileNames.recording}\`); the global server takes what they recorded, and \`up\`, from \`/federate\`, and alerts
(\`${ruleFileNames.alerts}\`). What is recorded is sums over instances, which the global server adds up; it has no series of single
instances but \`up\`, so of the dashboards the one named Fleet is for it, and the others are for the leaves.

- An instance that ends leaves the sums at the next scrape of its leaf and of the global server; rates let go of it in the time
  of their window. \`TinyLLMTargetDown\` names it.
- A leaf that ends takes its instances out of the global sums at the next scrape, since \`honor_timestamps\` is off; those of the
  other leaf stay. \`TinyLLMTargetDown\` names the leaf, under the job \`${leafJobOf(settings.job)}\`.
- When it is back, so are its instances; what the sums of counters say is what the instances have counted, so nothing is lost but
  the time between.
- The names in the files, \`instance-1\`, \`leaf-a\` and so on, are examples: put yours in.

**Remote write**, when the global server shall have every series. Agents scrape and write on, and keep what they could not deliver
until they can:

\`\`\`bash
prometheus --enable-feature=agent --config.file=remote-write/agent-a.yml --storage.agent.path=data-a --web.listen-address=:9091
prometheus --web.enable-remote-write-receiver --config.file=remote-write/global.yml --web.listen-address=:9091
\`\`\`

From Prometheus 3 on the first flag is \`--agent\`. Here all dashboards are for the global server, which runs all rules.

- An instance that ends leaves the sums as soon as its agent has written so, within seconds.
- An agent that ends cannot say so: the last values of its instances stand for five minutes. The global server scrapes the agents
  themselves, so \`TinyLLMTargetDown\` tells of it sooner.
`;
}
