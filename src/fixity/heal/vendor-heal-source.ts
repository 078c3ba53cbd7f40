import type { StagedObject } from "../../archive/archive.ts";
import { type RetryOptions, retry } from "../../async/retry.ts";
import type { ArchivedFile } from "../../core/archived-file.ts";
import type { Sha256Hex } from "../../core/digest.ts";
import { DigestMismatchError, type ErrorCode, isHoldfastError } from "../../core/errors.ts";
import { readFileChunks } from "../../io/read-file.ts";
import type { DownloadAddress, RecordingSource } from "../../vendor/recording-source.ts";
import { NoEncryptedCopyError } from "../errors.ts";
import type { Candidate, HealSource } from "./heal-source.ts";

/** A recording's bytes as they came from the vendor, on this machine's disk under a name that is not final. */
export interface DownloadedCopy {
  readonly staged: StagedObject;
  readonly sha256: Sha256Hex;
}

/** What a {@link VendorHealSource} needs; who hands it in closes it. */
export interface VendorHealSourceOptions {
  readonly source: RecordingSource;
  /** Brings a recording to disk. What has come when it fails may serve the next attempt. */
  readonly download: (
    wanted: ArchivedFile,
    address: DownloadAddress,
    signal: AbortSignal | undefined,
  ) => Promise<DownloadedCopy>;
  readonly retry: Omit<RetryOptions, "signal">;
  readonly close: () => Promise<void>;
}

/** The vendor, which has originals alone, and those only for as long as it keeps them. */
export class VendorHealSource implements HealSource {
  readonly traits: { readonly location: string };
  readonly #options: VendorHealSourceOptions;

  constructor(options: VendorHealSourceOptions) {
    this.#options = options;
    this.traits = { location: options.source.traits.origin };
  }

  async *candidates(wanted: ArchivedFile, signal?: AbortSignal): AsyncGenerator<Candidate> {
    if (wanted.role !== "original") return;
    const origin = `${this.traits.location}, recording ${wanted.recordingId}`;
    if (wanted.plain !== undefined) {
      yield { origin, read: refuseEncrypted };
      return;
    }
    yield { origin, read: () => this.#read(wanted, signal) };
  }

  close(): Promise<void> {
    return this.#options.close();
  }

  async *#read(wanted: ArchivedFile, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    const { staged } = await this.#downloadPatiently(wanted, signal);
    try {
      yield* readFileChunks(staged.path, signal);
    } finally {
      await staged.discard();
    }
  }

  #downloadPatiently(wanted: ArchivedFile, signal: AbortSignal | undefined): Promise<DownloadedCopy> {
    const attempts = new Attempts(wanted, this.#options);
    const { retry: patience } = this.#options;
    return retry(() => attempts.make(signal), { ...patience, signal, isWorthwhile: attempts.isWorthwhile });
  }
}

function refuseEncrypted(): never {
  throw new NoEncryptedCopyError();
}

/** What a server in trouble may answer with once. */
const TRANSIENT_CODES: readonly ErrorCode[] = ["DIGEST_MISMATCH", "VENDOR_RESPONSE_INVALID"];

/** The attempts to download one recording with the recorded digest. */
class Attempts {
  readonly #wanted: ArchivedFile;
  readonly #options: VendorHealSourceOptions;
  /** The address that was answered with 401 in the last attempt; it is renewed once. */
  #refused: DownloadAddress | undefined;
  #hasRenewed = false;
  /** The digest that the last attempt brought and that does not fit. */
  #wrongSha256: Sha256Hex | undefined;
  /** Whether two attempts in a row brought the same bytes: a third will bring no others. */
  #isHopeless = false;

  constructor(wanted: ArchivedFile, options: VendorHealSourceOptions) {
    this.#wanted = wanted;
    this.#options = options;
  }

  async make(signal: AbortSignal | undefined): Promise<DownloadedCopy> {
    const { source, download } = this.#options;
    const address = await source.locate(this.#wanted.recordingId, { refused: this.#refused, signal });
    this.#refused = undefined;
    try {
      return await this.#check(await download(this.#wanted, address, signal));
    } catch (error) {
      if (!this.#hasRenewed && isKeyRefused(error)) {
        this.#hasRenewed = true;
        this.#refused = address;
      }
      throw error;
    }
  }

  readonly isWorthwhile = (error: unknown): boolean => {
    if (!isHoldfastError(error) || this.#isHopeless) return false;
    return error.retryable || this.#refused !== undefined || TRANSIENT_CODES.includes(error.code);
  };

  async #check({ staged, sha256 }: DownloadedCopy): Promise<DownloadedCopy> {
    const { recordingId, sha256: expected } = this.#wanted;
    if (sha256 === expected) return { staged, sha256 };
    this.#isHopeless = sha256 === this.#wrongSha256;
    this.#wrongSha256 = sha256;
    await staged.discard();
    throw new DigestMismatchError({ subject: recordingId, expected, found: sha256 });
  }
}

/** A 403 is about what the key may do, which a new token does not change. */
function isKeyRefused(error: unknown): boolean {
  return isHoldfastError(error) && error.code === "VENDOR_UNAUTHORIZED" && "status" in error && error.status === 401;
}
