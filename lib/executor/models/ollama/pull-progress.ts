import type { ProgressResponse } from 'ollama';
import { oneLine } from 'tinyllm/recording';

/** How far a pull is. */
export interface PullProgress {
  /** What the server does now, in its words; `success` at the end. */
  readonly status: string;
  /** The layer that is under way; left out where it is none. */
  readonly digest?: string;
  /** Bytes of that layer; left out until the server knows. */
  readonly totalBytes?: number;
  /** Bytes of it that are there. */
  readonly completedBytes?: number;
}

/**
 * Reads one line of a pull; counts are left out when zero.
 *
 * Format: https://github.com/ollama/ollama/blob/main/docs/api.md#pull-a-model
 */
export function pullProgress(line: { readonly [Key in keyof ProgressResponse]?: unknown }): PullProgress {
  const { status, digest, total, completed } = line;
  const totalBytes = bytes(total);
  return {
    status: typeof status === 'string' ? oneLine(status) : '',
    ...(typeof digest === 'string' ? { digest } : {}),
    ...(totalBytes === undefined ? {} : { totalBytes, completedBytes: Math.min(bytes(completed) ?? 0, totalBytes) }),
  };
}

function bytes(stated: unknown): number | undefined {
  return typeof stated === 'number' && Number.isFinite(stated) && stated >= 0 ? stated : undefined;
}
