import type { ConversationStore } from './conversation-store.js';
import { type Exchange, type ExchangeBounds, latestExchanges, type Turn, turnsOf } from './exchange.js';
import { type ConversationPlace, openConversations } from './open-conversations.js';
import { sessionFile } from './session-name.js';
import { StoreGuard, type StoreProblemListener } from './store-guard.js';

/** Which conversation it is, and who hears of trouble with it. */
export interface ConversationOptions extends ConversationPlace {
  readonly session: string;
  /** Told once an outage. */
  readonly onProblem?: StoreProblemListener | undefined;
}

/** What a model is told of it: about 8,000 tokens at most, which small models can still take. */
const recalled: ExchangeBounds = { exchanges: 20, characters: 32 * 1024 };

/**
 * What was said in one session: kept between runs, and told to models as earlier turns.
 *
 * Without its store it recalls nothing and keeps nothing; that is counted, and told once.
 */
export class Conversation {
  readonly #session: string;
  readonly #store: ConversationStore;
  readonly #guard: StoreGuard;

  /**
   * @throws {StoreSettingsError} when `store` is no address of a Redis.
   * @throws {SessionError} when no session can have that name.
   */
  constructor({ session, onProblem, ...place }: ConversationOptions) {
    sessionFile(session);
    this.#session = session;
    this.#store = openConversations(place);
    this.#guard = new StoreGuard(onProblem);
  }

  /**
   * Gives the latest turns, oldest first: of 20 exchanges and 32 Ki characters at most.
   *
   * @throws {SessionError} when what is kept is not what was written.
   */
  async recall(): Promise<readonly Turn[]> {
    const exchanges = await this.#guard.attempt(() => this.#store.load(this.#session));
    return turnsOf(latestExchanges(exchanges ?? [], recalled));
  }

  /** Adds a question and its answer. Throws as `recall` does. */
  async remember(question: string, answer: string): Promise<void> {
    const exchange: Exchange = { at: new Date().toISOString(), question, answer };
    await this.#guard.attempt(() => this.#store.append(this.#session, exchange));
  }

  /** Lets go of the store. */
  async close(): Promise<void> {
    await this.#store.close();
  }
}
