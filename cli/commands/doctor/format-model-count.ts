/** Formats a number of models: `no models`, `1 model`, `2 models`. */
export function formatModelCount(count: number): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? 'model' : 'models'}`;
}
