/** How to tell whether the launcher is there. */
export interface LauncherWatchOptions {
  /** npx tells of itself in it. */
  readonly environment: NodeJS.ProcessEnv;
  /** The id of the process that started this one; another one once that has ended. Default the system's word. */
  readonly parent?: () => number;
  /** Called once when the launcher has gone. */
  readonly onGone: () => void;
  /** The time between two looks; default 250. */
  readonly milliseconds?: number;
}

/**
 * Watches whether the shell that npx runs a command in is still there.
 *
 * Of a signal that npx alone is sent, that shell ends and hands nothing on: the command would go on for ever, unseen.
 * Started otherwise, nothing is watched: whoever runs a command in the background may leave it.
 */
export function watchLauncher(options: LauncherWatchOptions): void {
  const { environment, parent = () => process.ppid, onGone, milliseconds = 250 } = options;
  if (environment.npm_lifecycle_event !== 'npx') return;
  const first = parent();
  let missed = 0;
  const timer = setInterval(() => {
    missed = parent() === first ? 0 : missed + 1;
    // A signal that this process was sent as well is to be heard first, for its exit code.
    if (missed < 2) return;
    clearInterval(timer);
    onGone();
  }, milliseconds).unref();
}
