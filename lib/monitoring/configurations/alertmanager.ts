/** Where alerts go: grouped, the slower of two alerts of one objective held back, and to a receiver to fill in. */
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
