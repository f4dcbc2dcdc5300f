/**
 * The configuration of Alertmanager: groups alerts and routes them to receivers, which have to be filled in.
 *
 * While the fast burn alert of an objective fires, it suppresses the slow one.
 */
export function alertmanagerConfiguration() {
  return {
    route: {
      receiver: 'team',
      group_by: ['alertname', 'job'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
      routes: [
        { receiver: 'on-call', matchers: ['severity="critical"'] },
        { receiver: 'nobody', matchers: ['severity="info"'] },
      ],
    },
    inhibit_rules: ['ErrorBudget', 'LatencyBudget'].map((objective) => ({
      source_matchers: [`alertname="TinyLLM${objective}BurnFast"`],
      target_matchers: [`alertname="TinyLLM${objective}BurnSlow"`],
      equal: ['job'],
    })),
    receivers: [{ name: 'on-call' }, { name: 'team' }, { name: 'nobody' }],
  };
}
