import { ModelUnavailableError } from 'tinyllm/recording';
import { howToInstallLlama, type LlamaEngine, type LlamaLibrary, llamaCppName } from './llama-library.js';

/** llama.cpp as it runs in this process, and who hears what it complains about. */
interface Running {
  readonly engine: Promise<LlamaEngine>;
  readonly hearing: Set<string[]>;
}

/** A process has one: what it complains about can be told to one logger alone. It ends with the process. */
const running = new WeakMap<LlamaLibrary, Running>();

/**
 * Does something with llama.cpp, as node-llama-cpp brings it ready made; nothing is compiled or fetched, and nothing
 * printed.
 *
 * @param work Gets the lines that llama.cpp complains in meanwhile, as they come.
 * @throws {ModelUnavailableError} when there is no llama.cpp for this machine; and what `work` throws.
 */
export async function withLlama<Result>(
  library: LlamaLibrary,
  work: (engine: LlamaEngine, complaints: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const { engine, hearing } = started(library);
  const complaints: string[] = [];
  hearing.add(complaints);
  try {
    return await work(await engine, complaints);
  } finally {
    hearing.delete(complaints);
  }
}

function started(library: LlamaLibrary): Running {
  const known = running.get(library);
  if (known !== undefined) return known;
  const hearing = new Set<string[]>();
  const engine = start(library, (line) => {
    for (const complaints of hearing) complaints.push(line);
  });
  running.set(library, { engine, hearing });
  engine.catch(() => running.delete(library));
  return { engine, hearing };
}

async function start(library: LlamaLibrary, onComplaint: (line: string) => void): Promise<LlamaEngine> {
  try {
    return await library.getLlama({
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: 'error',
      logger: (_level, message) => onComplaint(message.trim()),
    });
  } catch (cause) {
    const { platform, arch } = process;
    const reason = cause instanceof Error ? cause.name : String(cause);
    throw new ModelUnavailableError(
      `node-llama-cpp has no llama.cpp that runs on this machine, ${platform} ${arch} (${reason}); ${howToInstallLlama}, its optional packages included.`,
      { provider: llamaCppName, cause },
    );
  }
}
