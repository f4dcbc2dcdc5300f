import type { Options, SingleBar } from 'cli-progress';
import type { Output } from './output.js';

/** Creates a progress bar on stderr. Returns undefined, without loading the library, if stderr is no terminal. */
export async function progressBar(
  { terminal }: Output,
  options: Omit<Options, 'stream'>,
): Promise<SingleBar | undefined> {
  if (terminal === undefined) return undefined;
  const { default: progress } = await import('cli-progress');
  return new progress.SingleBar({
    barCompleteChar: '=',
    barIncompleteChar: '-',
    clearOnComplete: true,
    // The command handles Ctrl-C.
    gracefulExit: false,
    ...options,
    // The library only writes to the stream and reads its width.
    stream: terminal as NodeJS.WriteStream,
  });
}
