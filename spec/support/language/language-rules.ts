/** A construction that makes readers stop, and what to write instead. */
export interface LanguageRule {
  readonly name: string;
  /** Matches the construction in prose without code. Global. */
  readonly pattern: RegExp;
  /** A sentence that the pattern matches. */
  readonly before: string;
  /** The same fact in plain English, without a match of any rule. */
  readonly after: string;
}

/** The rules of the project's language: subject, verb, object; one idea per sentence; standard terms. */
export const languageRules: readonly LanguageRule[] = [
  {
    name: 'a relative clause as the subject',
    pattern:
      /(?<=^|[.;:] )(?:Who(?:ever)?|What) (?!is\b|are\b|was\b|were\b|happens\b|you\b|to\b|do\b|does\b|'s)[\w`]+|\bwhoever\b/gim,
    before: 'What cannot be taken throws an error.',
    after: 'Invalid options throw an error.',
  },
  {
    name: 'a relative clause as an object',
    pattern:
      /\b(?:of|by|with|in|at|for|from|than|and|but|counts?|reads?|sees?|shows?|says?) what (?:is|are|was|were|comes?|it|they|somebody|nobody|no|has|had|could|cannot|may|others|an?)\b/gi,
    before: 'A hub adds up what is pushed and counts what it has.',
    after: 'A hub adds up all pushes and counts its series.',
  },
  {
    name: 'an inverted opening',
    pattern: /(?<=^|[.;:] )Of [a-z`](?!\w*\s+course)/gm,
    before: 'Of upstreams that run Ollama, the proxy polls the models.',
    after: 'The proxy polls the models of each Ollama upstream.',
  },
  {
    name: '"is to" instead of "must" or "should"',
    pattern: /\b(?:is|are|was|were) to (?:be|have|show|say|look|trust|decide|answer|go|stay|count)\b/gi,
    before: 'The file is to be a certificate.',
    after: 'The file must be a certificate.',
  },
  {
    name: 'a rare adverb',
    pattern:
      /\b(?:anew|beside|of late|all the same|but for|had better|shall|the while|further ones|thereby|wherein)\b/gi,
    before: 'The server begins anew.',
    after: 'The server starts again.',
  },
  {
    name: '"alone" instead of "only"',
    pattern: /\b(?!it |leave |stand)\w+ alone\b/gi,
    before: 'This machine alone can connect.',
    after: 'Only this machine can connect.',
  },
  {
    name: 'a thing that tells',
    pattern: /\b(?:tells?|told)\b/gi,
    before: 'The response tells its token counts.',
    after: 'The response contains its token counts.',
  },
  {
    name: 'a thing that stands, goes on or lets go',
    pattern: /\b(?:stands?|stood|goes on|go on|going on|went on|lets? go)\b/gi,
    before: 'The name stands in the header, and the scrape goes on.',
    after: 'The header contains the name, and the scrape continues.',
  },
  {
    name: '"a" instead of "per"',
    pattern:
      /\b(?:requests?|tokens?|questions?|times?|seconds?|lines?|files?|keys?|bytes?|series|pushes|scrapes) an? (?:second|minute|hour|day|line|file|session|request|series|process)\b/gi,
    before: 'The limit is 10 requests a second.',
    after: 'The limit is 10 requests per second.',
  },
  {
    name: '"where there is" instead of a condition',
    pattern: /\bwhere (?:there|one|none) (?:is|are|was|were)\b|\bwhere (?:it|they) (?:is|are|was|were|stands?)\b/gi,
    before: 'The proxy asks for a key where there is one.',
    after: 'The proxy requires a key if one is configured.',
  },
];
