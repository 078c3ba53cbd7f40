import type { HoldfastError } from "../core/errors.ts";
import { isStorageFull } from "../io/errors.ts";
import type { PublicKey } from "../signing/public-key.ts";
import { toBroken } from "./head-claim.ts";
import { type LedgerVerification, type VerifyLedgerOptions, verifyLedger } from "./verify-ledger.ts";

/** What a {@link LostLedger} is held against. */
export interface LostLedgerOptions {
  readonly archiveId: string;
  /** Of who works on the archive; undefined when they have none, so that the key beside the ledger is believed. */
  readonly publicKey: PublicKey | undefined;
  /** Why it cannot be gone on with: what everybody is told who asks for more than a verification. */
  readonly loss: HoldfastError;
}

/** A ledger that cannot be gone on with: broken, gone, signed by another key, or without room for an event. It can be looked at, and nothing else. */
export class LostLedger {
  readonly loss: HoldfastError;
  readonly #folder: string;
  readonly #options: LostLedgerOptions;

  constructor(folder: string, options: LostLedgerOptions) {
    this.#folder = folder;
    this.#options = options;
    this.loss = options.loss;
  }

  /** Refuses: nothing can be written behind what does not fit. */
  append(): Promise<never> {
    return Promise.reject(this.loss);
  }

  /** Closes nothing: nothing is open. */
  async close(): Promise<void> {}

  /**
   * Reads all of it from disk and holds it against its checkpoints. Where a key was given, there is always a finding: what
   * nobody can go on with is not as it must be, whatever its parts look like. A full disk alone is none.
   *
   * @throws {StorageUnavailableError} it cannot be read.
   */
  async verify(options: Omit<VerifyLedgerOptions, "archiveId" | "publicKey">): Promise<LedgerVerification> {
    const { archiveId, publicKey, loss } = this.#options;
    const verification = await verifyLedger(this.#folder, { archiveId, publicKey, ...options });
    if (publicKey === undefined || isStorageFull(loss)) return verification;
    const { onEntry: _told, ...again } = options;
    const byKeyBeside = await verifyLedger(this.#folder, { archiveId, publicKey: undefined, ...again });
    if (byKeyBeside.findings.length === 0 && verification.findings.length > 0) {
      const message = `${loss.message}; it fits the key beside it: another account keeps it, or somebody wrote all of it anew`;
      return { ...byKeyBeside, findings: [{ kind: "signature-invalid", subject: this.#folder, message, detail: {} }] };
    }
    if (verification.findings.length > 0) return verification;
    return { ...verification, findings: [toBroken(this.#folder, loss.message)] };
  }
}
