/**
 * `@tinyllm/executor/servers`: checks and administers the model servers, model files and Redis that the executor uses.
 *
 * @module
 */
export { checkGgufFile, ggufModelName } from './models/llama-cpp/gguf-file.js';
export { withLlama } from './models/llama-cpp/llama-engine.js';
export { type LlamaLibrary, llamaCppName, loadLlamaLibrary } from './models/llama-cpp/llama-library.js';
export type { PulledModel } from './models/ollama/ollama-models.js';
export { OllamaServer } from './models/ollama/ollama-server.js';
export type { PullProgress } from './models/ollama/pull-progress.js';
export { type ResidentModel, readOllamaResidency } from './models/ollama-residency.js';
export { OpenAIServer } from './models/openai/openai-server.js';
export { RedisLink } from './stores/redis-link.js';
