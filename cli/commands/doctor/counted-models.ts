/** How many models a server has, in words: `no models`, `1 model`, `2 models`. */
export function countedModels(count: number): string {
  return `${count === 0 ? 'no' : count} ${count === 1 ? 'model' : 'models'}`;
}
