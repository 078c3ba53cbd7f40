import type { StagedObject } from "../archive/archive.ts";
import type { Evidence, Sidecar } from "../archive/schema.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import type { Pace } from "../async/pace.ts";
import { type RetryOptions, retry } from "../async/retry.ts";
import type { Identity } from "../audio/identify.ts";
import { type ErrorCode, type HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { DownloadAddress } from "../vendor/recording-source.ts";
import type { VendorCall } from "./ask-vendor.ts";
import { LooksDamagedError, NotReadyError } from "./errors.ts";
import type { FetchPorts } from "./fetch-plan.ts";
import { type CheckContext, type CheckSubject, toCheckedSidecar } from "./fetch-recording.ts";
import { findExpected, findProof } from "./promises.ts";
import type { RejectedBytes } from "./rejected-bytes.ts";
import type { TransferJob, Transferred } from "./transfer/transfer.ts";

/** What a download goes by. */
export interface DownloadOptions extends CheckContext {
  readonly transfers: FetchPorts["transfers"];
  readonly pace: Pace;
  /** How questions about the recording are asked. */
  readonly call: VendorCall;
  readonly retry: Omit<RetryOptions, "signal">;
  readonly limits: DownloadLimits;
  readonly onBytes: (bytes: number) => void;
}

/** What is asked of every download of a run. */
export interface DownloadLimits {
  /** Bounds bodies in place of the size that the vendor states; undefined: the stated size bounds them. */
  readonly maxFileSizeBytes: number | undefined;
  /** Whether what no digest of the vendor's proves is read twice. */
  readonly readsTwice: boolean;
}

/** What is to be downloaded, and what of it is there. */
export interface DownloadSubject extends CheckSubject {
  /** The sidecar of an original that is gone: the bytes are to stand beside it again, as it is. */
  readonly restored: LocatedSidecar | undefined;
  /** What an earlier run has left. */
  readonly heldBytes: number;
}

/** Bytes that are what was promised, with the sidecar that they will stand beside. */
export interface Downloaded {
  readonly staged: StagedObject;
  readonly sidecar: Sidecar;
}

/** No recording is longer whose size nobody states: a week of wav. */
const MAX_UNSTATED_BYTES = 20 * 2 ** 30;

/** A body that grows by less than this between two attempts does not come forward. */
const PROGRESS_BYTES = 64 << 10;

/** What another request may mend: a server in trouble answers with pages, with short or wrong bodies, with wrong places. */
const TRANSIENT_CODES: readonly ErrorCode[] = [
  "DIGEST_MISMATCH",
  "MEDIA_NOT_AUDIO",
  "SIZE_MISMATCH",
  "VENDOR_NOT_FOUND",
  "VENDOR_REDIRECT_REFUSED",
  "VENDOR_RESPONSE_INVALID",
];

/** One recording that is downloaded, attempt by attempt, until its bytes are what was promised. */
export class DownloadTask {
  readonly #subject: DownloadSubject;
  readonly #options: DownloadOptions;
  #heldBytes: number;
  #madeProgress = false;
  /** The address that was answered with 401 in the last attempt; it is renewed once. */
  #refused: DownloadAddress | undefined;
  #hasRenewed = false;
  #rejected: RejectedBytes | undefined;
  /** Whether two attempts gave the same bytes that do not fit for the same reason: more attempts will give no others. */
  #isHopeless = false;
  attempts = 0;
  resumedFromByte = 0;

  constructor(subject: DownloadSubject, options: DownloadOptions) {
    this.#subject = subject;
    this.#options = options;
    this.#heldBytes = subject.heldBytes;
  }

  /**
   * Downloads the recording.
   *
   * @throws {NotReadyError} the vendor is still working on it.
   * @throws {DigestMismatchError} the bytes are others; so does {@link SizeMismatchError}. `takeRejected` gives them.
   * @throws {VendorError} it cannot be had.
   */
  async run(): Promise<Downloaded> {
    const { retry: patience, signal } = this.#options;
    const downloaded = await retry(() => this.#attempt(), {
      ...patience,
      signal,
      isWorthwhile: (error) => this.#isWorthwhile(error),
      madeProgress: () => this.#madeProgress,
    });
    await this.takeRejected()?.staged.discard();
    return downloaded;
  }

  /** Gives the last bytes that were whole and did not fit. The caller commits or discards them. */
  takeRejected(): RejectedBytes | undefined {
    const rejected = this.#rejected;
    this.#rejected = undefined;
    return rejected;
  }

  async #attempt(): Promise<Downloaded> {
    const { pace, signal, source, transfers, onBytes } = this.#options;
    const refused = this.#refused;
    this.#refused = undefined;
    this.#madeProgress = false;
    let address: DownloadAddress | undefined;
    try {
      const transferred = await pace.run(async () => {
        address = await source.locate(this.#subject.remote.recordingId, { refused, signal });
        this.attempts += 1;
        return transfers.run(await this.#toJob(address), { signal, onBytes });
      }, signal);
      this.resumedFromByte = transferred.resumedFromByte;
      return await this.#check(transferred);
    } catch (error) {
      signal?.throwIfAborted();
      if (isHoldfastError(error)) await this.#learnFrom(error, address);
      throw error;
    }
  }

  async #toJob(address: DownloadAddress): Promise<TransferJob> {
    const { archive, limits } = this.#options;
    const { remote, promises, recordedSha256 } = this.#subject;
    const { recordingId, sizeBytes } = remote;
    // One byte more than was stated is enough to know that the statement is wrong.
    const statedLimitBytes = sizeBytes === undefined ? MAX_UNSTATED_BYTES : sizeBytes + 1;
    return {
      subject: recordingId,
      address,
      stem: await archive.resumableStem(recordingId),
      mayHoldBytes: this.attempts > 1 || this.#heldBytes > 0,
      sha256: recordedSha256 ?? findExpected(promises),
      sizeBytes,
      limitBytes: limits.maxFileSizeBytes ?? statedLimitBytes,
      reads: limits.readsTwice && findProof(promises.digests) === undefined ? 2 : 1,
    };
  }

  async #check({ path, identity, httpSha256, secondSha256 }: Transferred): Promise<Downloaded> {
    const { archive } = this.#options;
    const { sizeBytes, sha256 } = identity;
    try {
      const received = { sizeBytes, sha256, httpSha256, secondSha256, identity };
      const sidecar = toCheckedSidecar(this.#options, this.#subject, received);
      this.#assertNotSuspect(sidecar, identity);
      return { staged: await archive.takeOver(path), sidecar: this.#subject.restored?.sidecar ?? sidecar };
    } catch (error) {
      const staged = await archive.takeOver(path, { isRejected: true });
      if (isHoldfastError(error)) await this.#reject({ staged, identity, error });
      else await staged.discard();
      throw error;
    }
  }

  /** What looks damaged and is proven by nothing is fetched again; when it comes the same, it is so at the vendor. */
  #assertNotSuspect({ evidence, original }: Sidecar, { sha256 }: Identity): void {
    const looksDamaged = original.structure.complete === false || original.structure.defects.length > 0;
    if (!looksDamaged || isProven(evidence) || this.#rejected?.identity.sha256 === sha256) return;
    throw new LooksDamagedError(this.#subject.remote.recordingId);
  }

  async #reject(rejected: RejectedBytes): Promise<void> {
    const earlier = this.takeRejected();
    const isSame = earlier?.identity.sha256 === rejected.identity.sha256;
    this.#isHopeless = isSame && earlier.error.message === rejected.error.message;
    await earlier?.staged.discard();
    this.#rejected = rejected;
  }

  async #learnFrom(error: HoldfastError, address: DownloadAddress | undefined): Promise<void> {
    const { source, archive, call, signal } = this.#options;
    const { recordingId } = this.#subject.remote;
    if (address !== undefined && isKeyRefused(error) && !this.#hasRenewed) {
      this.#hasRenewed = true;
      this.#refused = address;
    }
    if (error.code === "VENDOR_NOT_FOUND") {
      const { status } = await source.get(recordingId, { call, signal });
      if (status !== "completed") throw new NotReadyError(recordingId, status);
    }
    const held = (await archive.loadHeld())(recordingId);
    this.#madeProgress = held >= this.#heldBytes + PROGRESS_BYTES;
    this.#heldBytes = Math.max(held, this.#heldBytes);
  }

  #isWorthwhile(error: unknown): boolean {
    if (!isHoldfastError(error) || this.#isHopeless || error instanceof NotReadyError) return false;
    return error.retryable || this.#refused !== undefined || TRANSIENT_CODES.includes(error.code);
  }
}

/** A 403 is about what the key may do, which a new token does not change. */
function isKeyRefused(error: HoldfastError): boolean {
  return error.code === "VENDOR_UNAUTHORIZED" && "status" in error && error.status === 401;
}

function isProven({ grade }: Evidence): boolean {
  return grade === "vendor-digest" || grade === "http-digest" || grade === "two-reads";
}
