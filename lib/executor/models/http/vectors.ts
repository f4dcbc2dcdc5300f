/** Validates the vectors of a server's response. Returns undefined unless there is one vector for each of the texts. */
export function parseVectors(value: unknown, texts: number): readonly (readonly number[])[] | undefined {
  if (!Array.isArray(value) || value.length !== texts) return undefined;
  const vectors: readonly unknown[] = value;
  return vectors.every(isVector) ? vectors : undefined;
}

function isVector(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((component) => typeof component === 'number');
}
