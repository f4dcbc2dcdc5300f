import type { ProgressResponse } from 'ollama';
import { oneLine } from 'tinyllm/recording';

/** The progress of a pull. */
export interface PullProgress {
  /** The current step in the server's words. It is `success` at the end. */
  readonly status: string;
  /** The digest of the current layer. Undefined for steps without a layer. */
  readonly digest?: string;
  /** The size of the layer, in bytes. Undefined until the server knows it. */
  readonly totalBytes?: number;
  /** The downloaded part of the layer, in bytes. */
  readonly completedBytes?: number;
}

/**
 * Parses one line of the response to a pull. Ollama omits counts that are zero.
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
