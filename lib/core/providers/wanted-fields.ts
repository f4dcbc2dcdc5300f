/**
 * The top-level fields of a whole response that readers need. The other fields are not kept. These include large
 * fields: vectors (`data`, `embedding`, `embeddings`), and Ollama's text (`response`) and `context`.
 */
export const wantedFields: ReadonlySet<string> = new Set([
  ...['model', 'error', 'usage', 'type', 'role'],
  ...['message', 'done', 'done_reason', 'prompt_eval_count', 'eval_count', 'load_duration', 'eval_duration'],
  ...['choices', 'timings', 'x_groq'],
  ...['object', 'status', 'incomplete_details', 'output'],
  ...['stop_reason'],
  ...['candidates', 'usageMetadata', 'promptFeedback', 'modelVersion'],
]);
