/** The vectors of so many texts as a server states them; undefined when that is not what they are. */
export function statedVectors(stated: unknown, texts: number): readonly (readonly number[])[] | undefined {
  if (!Array.isArray(stated) || stated.length !== texts) return undefined;
  const vectors: readonly unknown[] = stated;
  return vectors.every(isVector) ? vectors : undefined;
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((component) => typeof component === 'number');
}
