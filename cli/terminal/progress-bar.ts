import type { Options, SingleBar } from 'cli-progress';
import type { Output } from './output.js';

/** A bar on the terminal that stderr is; undefined where it is none. The library is loaded for a terminal only. */
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
    // Ctrl-C is the command's to deal with.
    gracefulExit: false,
    ...options,
    // It writes, and asks for the width; that is all the library needs of a stream.
    stream: terminal as NodeJS.WriteStream,
  });
}
