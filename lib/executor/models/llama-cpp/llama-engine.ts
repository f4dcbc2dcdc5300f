import { ModelUnavailableError } from 'tinyllm/recording';
import { howToInstallLlama, type LlamaEngine, type LlamaLibrary, llamaCppName } from './llama-library.js';

/** A loaded llama.cpp, and the lists that receive its error lines. */
interface LoadedEngine {
  readonly engine: Promise<LlamaEngine>;
  readonly errorLists: Set<string[]>;
}

/** One engine per process, because llama.cpp supports only one logger. It is never unloaded. */
const loadedEngines = new WeakMap<LlamaLibrary, LoadedEngine>();

/**
 * Runs work with the prebuilt llama.cpp of node-llama-cpp. It never compiles, downloads or prints anything.
 *
 * @param work Receives a list of llama.cpp's error lines. New lines are appended while the work runs.
 * @throws {ModelUnavailableError} if there is no prebuilt llama.cpp for this machine. Also throws the errors of `work`.
 */
export async function withLlama<Result>(
  library: LlamaLibrary,
  work: (engine: LlamaEngine, errorLines: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const { engine, errorLists } = engineOf(library);
  const errorLines: string[] = [];
  errorLists.add(errorLines);
  try {
    return await work(await engine, errorLines);
  } finally {
    errorLists.delete(errorLines);
  }
}

function engineOf(library: LlamaLibrary): LoadedEngine {
  const loaded = loadedEngines.get(library);
  if (loaded !== undefined) return loaded;
  const errorLists = new Set<string[]>();
  const engine = load(library, (line) => {
    for (const errorLines of errorLists) errorLines.push(line);
  });
  loadedEngines.set(library, { engine, errorLists });
  engine.catch(() => loadedEngines.delete(library));
  return { engine, errorLists };
}

async function load(library: LlamaLibrary, onErrorLine: (line: string) => void): Promise<LlamaEngine> {
  try {
    return await library.getLlama({
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: 'error',
      logger: (_level, message) => onErrorLine(message.trim()),
    });
  } catch (cause) {
    const { platform, arch } = process;
    const reason = cause instanceof Error ? cause.name : String(cause);
    throw new ModelUnavailableError(
      `node-llama-cpp has no prebuilt llama.cpp for this machine, ${platform} ${arch} (${reason}); ${howToInstallLlama}, including its optional packages.`,
      { provider: llamaCppName, cause },
    );
  }
}
