/** How to detect that the launcher has exited. */
export interface LauncherWatchOptions {
  /** The environment of the process. npx sets `npm_lifecycle_event`. */
  readonly environment: NodeJS.ProcessEnv;
  /** Returns the id of the parent process. It changes when the parent exits. Default `process.ppid`. */
  readonly parent?: () => number;
  /** Called once after the launcher has exited. */
  readonly onGone: () => void;
  /** Time between two checks. Default 250. */
  readonly milliseconds?: number;
}

/**
 * Detects the exit of the shell in which npx runs a command.
 *
 * A signal sent only to npx ends this shell, but is not forwarded to the command, which would run forever. Without npx,
 * nothing is watched, because a command in the background may outlive its parent.
 */
export function watchLauncher(options: LauncherWatchOptions): void {
  const { environment, parent = () => process.ppid, onGone, milliseconds = 250 } = options;
  if (environment.npm_lifecycle_event !== 'npx') return;
  const first = parent();
  let missed = 0;
  const timer = setInterval(() => {
    missed = parent() === first ? 0 : missed + 1;
    // Wait one more period. If this process has also received a signal, the handler of that signal must decide the exit
    // code.
    if (missed < 2) return;
    clearInterval(timer);
    onGone();
  }, milliseconds).unref();
}
