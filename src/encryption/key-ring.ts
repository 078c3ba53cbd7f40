import type { DataKey } from "./data-key.ts";
import { KeyCommandError, KeyMismatchError } from "./errors.ts";
import type { KeyProvider } from "./key-provider.ts";

/** The operator's keys: one that wraps, and those before it, which only unwrap what they have wrapped. */
export class KeyRing implements KeyProvider {
  readonly #current: KeyProvider;
  readonly #byId: ReadonlyMap<string, KeyProvider>;

  constructor(current: KeyProvider, previous: readonly KeyProvider[]) {
    this.#current = current;
    this.#byId = new Map([...previous, current].map((provider) => [provider.keyId, provider]));
  }

  get keyId(): string {
    return this.#current.keyId;
  }

  /** Wraps a data key, and unwraps it again: what nobody could open would be lost with its recording. */
  async wrap(dataKey: DataKey): Promise<string> {
    const wrapped = await this.#current.wrap(dataKey);
    if ((await this.#current.unwrap(wrapped, this.keyId)).equals(dataKey)) return wrapped;
    throw new KeyCommandError(`key ${this.keyId} does not unwrap what it has wrapped`);
  }

  async unwrap(wrapped: string, keyId: string): Promise<DataKey> {
    const provider = this.#byId.get(keyId);
    if (provider !== undefined) return provider.unwrap(wrapped, keyId);
    throw new KeyMismatchError(
      `the data key was wrapped with key ${keyId}, which is none of those that are configured`,
      {
        hint: 'name it in the configuration file under "encryption", as "key" or among "previousKeys"',
      },
    );
  }
}
