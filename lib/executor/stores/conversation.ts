import type { ConversationStore } from './conversation-store.js';
import { type Exchange, type ExchangeBounds, latestExchanges, type Turn, turnsOf } from './exchange.js';
import { type ConversationPlace, openConversations } from './open-conversations.js';
import { sessionFile } from './session-name.js';
import { StoreGuard, type StoreProblemListener } from './store-guard.js';

/** Options of a {@link Conversation}. */
export interface ConversationOptions extends ConversationPlace {
  readonly session: string;
  /** Called once per outage of the store. */
  readonly onProblem?: StoreProblemListener | undefined;
}

/**
 * The part of a conversation that is sent to a model: at most about 8,000 tokens, so that it fits small models. Only
 * the latest exchange may be longer.
 */
const recallBounds: ExchangeBounds = { exchanges: 20, characters: 32 * 1024 };

/**
 * The conversation of one session. It persists between runs, and is sent to models as earlier turns.
 *
 * If its store fails, it recalls and stores nothing. Each failure is counted; `onProblem` is called once per outage.
 */
export class Conversation {
  readonly #session: string;
  readonly #store: ConversationStore;
  readonly #guard: StoreGuard;

  /**
   * @throws {StoreSettingsError} if `store` is not an address of a Redis server.
   * @throws {SessionError} if the session name is invalid.
   */
  constructor({ session, onProblem, ...place }: ConversationOptions) {
    sessionFile(session);
    this.#session = session;
    this.#store = openConversations(place);
    this.#guard = new StoreGuard(onProblem);
  }

  /**
   * Returns the latest turns, oldest first: at most 20 exchanges and 32 Ki characters. The latest exchange is included
   * even if it is longer.
   *
   * @throws {SessionError} if the stored data is corrupted.
   */
  async recall(): Promise<readonly Turn[]> {
    const exchanges = await this.#guard.attempt(() => this.#store.load(this.#session));
    return turnsOf(latestExchanges(exchanges ?? [], recallBounds));
  }

  /** Adds a question and its answer. Throws as `recall` does. */
  async remember(question: string, answer: string): Promise<void> {
    const exchange: Exchange = { at: new Date().toISOString(), question, answer };
    await this.#guard.attempt(() => this.#store.append(this.#session, exchange));
  }

  /** Closes the store. */
  async close(): Promise<void> {
    await this.#store.close();
  }
}
