import type { DataKey } from "./data-key.ts";

/**
 * Who has the operator's key, or can use it: wraps the data keys of recordings, and unwraps them. Nothing is opened that
 * would have to be closed. A failure of a command may pass ({@link KeyCommandError}), the others stay.
 */
export interface KeyProvider {
  /** Names the key beside what it has wrapped; tells nothing of it. */
  readonly keyId: string;

  /**
   * Wraps a data key, for keeping in the open.
   *
   * @returns base64.
   * @throws {KeyCommandError} the command that holds the key failed.
   */
  wrap(dataKey: DataKey): Promise<string>;

  /**
   * Unwraps what {@link wrap} gave.
   *
   * @param wrapped - In base64.
   * @param keyId - The id of the key that wrapped it.
   * @throws {KeyMismatchError} it was wrapped with another key, or changed since.
   * @throws {KeyCommandError} the command that holds the key failed.
   */
  unwrap(wrapped: string, keyId: string): Promise<DataKey>;
}
