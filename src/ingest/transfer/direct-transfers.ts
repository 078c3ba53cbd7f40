import { createHash } from "node:crypto";
import { ByteBudget } from "../../async/byte-budget.ts";
import { type Release, Slots } from "../../async/slots.ts";
import { Identifier } from "../../audio/identify.ts";
import { type Clock, systemClock } from "../../core/clock.ts";
import { parseSha256, type Sha256Hex } from "../../core/digest.ts";
import { type HoldfastError, SizeLimitError, SizeMismatchError } from "../../core/errors.ts";
import { type HeldFile, ResumableFile, readHeldBytes, removeHeldFile, takeHeldFile } from "../../io/resumable-file.ts";
import { VendorUnavailableError } from "../../vendor/errors.ts";
import { HttpTransport } from "../../vendor/http/http-transport.ts";
import { type Download, type HeldBytes, openDownload } from "../../vendor/http/open-download.ts";
import type { TransferJob, TransferOptions, Transferred, Transfers } from "./transfer.ts";
import { isSameVersion, isValidatorOf, toValidator } from "./validator.ts";

/** What a {@link DirectTransfers} needs; plain data, so that it can be sent to another thread. */
export interface TransferSettings {
  /** The API's address: the one origin whose refusals are about the key. */
  readonly baseUrl: string;
  readonly allowPrivateHosts: boolean;
  readonly timeoutMs: number;
  /** Bodies under way at a time. */
  readonly concurrency: number;
  /** For all bodies together; undefined for no bound. The thread stands still to keep it. */
  readonly bytesPerSecond: number | undefined;
}

/** What is smaller ends so soon that its end is news enough. */
const TELL_EVERY_BYTES = 1 << 20;

/** Less than a telephone line carries: at this rate an hour of mp3 would take eight. */
const SLOWEST_BYTES_PER_SECOND = 1000;

/** Downloads in this very thread. */
export class DirectTransfers implements Transfers {
  readonly #transport: HttpTransport;
  readonly #slots: Slots;
  readonly #budget: ByteBudget | undefined;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  /** Whether the API answers with a redirect, as is documented: then the way to it needs no slot of its own. */
  #isSentOn = false;

  constructor({ concurrency, bytesPerSecond, ...hosts }: TransferSettings, clock: Clock = systemClock) {
    this.#clock = clock;
    this.#timeoutMs = hosts.timeoutMs;
    this.#transport = new HttpTransport({ ...hosts, clock });
    this.#slots = new Slots(concurrency);
    this.#budget = bytesPerSecond === undefined ? undefined : new ByteBudget(bytesPerSecond, clock);
  }

  async run(job: TransferJob, options: TransferOptions = {}): Promise<Transferred> {
    const held = job.mayHoldBytes ? takeHeldFile(job.stem, (validator) => isValidatorOf(job, validator)) : undefined;
    const stored = isWhole(held, job) ? takeWhole(held) : await this.#download(held, { job, options });
    const first = await toDurable(stored);
    if (job.reads === 1) return first;
    const second = await this.#withBody(job, { held: undefined, closes: false, ...options }, (download) =>
      this.#hash(download, { job, options }),
    );
    assertSecondSize(job, first, second);
    return { ...first, secondSha256: second.sha256 };
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  #download(held: HeldFile | undefined, { job, options }: Receiving): Promise<Stored> {
    return this.#withBody(job, { held, closes: job.reads === 2, ...options }, (download) =>
      this.#store(download, { job, held, options }),
    );
  }

  /** Opens the bytes and holds a slot for as long as they come. */
  async #withBody<T>(
    { subject, address: { url, headers } }: TransferJob,
    { held, closes, signal }: { held: HeldFile | undefined; closes: boolean } & TransferOptions,
    use: (download: Download) => Promise<T>,
  ): Promise<T> {
    let release: Release | undefined = this.#isSentOn ? undefined : await this.#slots.take();
    const onRedirect = async () => {
      this.#isSentOn = true;
      release ??= await this.#slots.take();
    };
    try {
      const start = { url: new URL(url), headers, held: toHeldBytes(held), closes };
      const download = await openDownload(this.#transport.send, { ...start, subject, signal, onRedirect });
      try {
        return await use(download);
      } catch (error) {
        download.discard();
        throw error;
      }
    } finally {
      release?.();
    }
  }

  async #store(download: Download, { job, held, options }: Storing): Promise<Stored> {
    const identifier = new Identifier();
    const isContinued = held !== undefined && download.firstByte > 0;
    if (isContinued) for (const chunk of readHeldBytes(held)) identifier.push(chunk);
    else if (held !== undefined) removeHeldFile(held);
    const file = isContinued
      ? ResumableFile.continue(held)
      : ResumableFile.create(job.stem, toValidator(job, download));
    try {
      await this.#receive(download, { job, options }, (chunk) => {
        identifier.push(chunk);
        file.append(chunk);
      });
    } catch (error) {
      file.close();
      // What is longer than was promised is not the beginning of what was promised.
      if (error instanceof SizeMismatchError || error instanceof SizeLimitError) removeHeldFile(file);
      throw error;
    }
    return { file, identity: identifier.end(), resumedFromByte: download.firstByte, httpSha256: download.sha256 };
  }

  async #hash(download: Download, receiving: Receiving): Promise<Reading> {
    const hash = createHash("sha256");
    let sizeBytes = 0;
    await this.#receive(download, receiving, (chunk) => {
      sizeBytes += chunk.length;
      hash.update(chunk);
    });
    return { sizeBytes, sha256: parseSha256(hash.digest("hex")) };
  }

  /** Takes a body in, no more of it than was promised and no faster than allowed. */
  async #receive({ chunks, firstByte, sizeBytes }: Download, { job, options }: Receiving, take: Take): Promise<void> {
    const { onBytes } = options;
    const assertSpeed = this.#toSpeedCheck(job);
    let [total, told] = [firstByte, firstByte];
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > job.limitBytes) throw toTooLongError(job, total);
      take(chunk);
      if (total - told >= TELL_EVERY_BYTES) {
        onBytes?.(total - told);
        told = total;
      }
      assertSpeed(chunk.length);
      this.#budget?.take(chunk.length);
    }
    if (sizeBytes === undefined || total === sizeBytes) return;
    throw new VendorUnavailableError(job.subject, `the body ended after ${total} of ${sizeBytes} bytes`);
  }

  /** A body that drips never stalls for as long as the timeout, and never ends either. */
  #toSpeedCheck({ subject }: TransferJob): (bytes: number) => void {
    let [windowStartMs, windowBytes] = [this.#clock.now(), 0];
    return (bytes) => {
      windowBytes += bytes;
      const elapsedMs = this.#clock.now() - windowStartMs;
      if (elapsedMs < this.#timeoutMs) return;
      if (this.#budget === undefined && (windowBytes * 1000) / elapsedMs < SLOWEST_BYTES_PER_SECOND) {
        throw new VendorUnavailableError(subject, `less than ${SLOWEST_BYTES_PER_SECOND} bytes a second`);
      }
      [windowStartMs, windowBytes] = [this.#clock.now(), 0];
    };
  }
}

interface Receiving {
  readonly job: TransferJob;
  readonly options: TransferOptions;
}

interface Storing extends Receiving {
  readonly held: HeldFile | undefined;
}

type Take = (chunk: Uint8Array) => void;

/** What a second reading gave. */
interface Reading {
  readonly sizeBytes: number;
  readonly sha256: Sha256Hex;
}

/** A second reading that lacks bytes which the first has as promised says nothing against the first: it is made again. */
function assertSecondSize({ subject, sizeBytes }: TransferJob, first: Transferred, second: Reading): void {
  if (first.identity.sizeBytes !== sizeBytes || second.sizeBytes === sizeBytes) return;
  throw new SizeMismatchError(subject, sizeBytes, second.sizeBytes);
}

/** A recording whose bytes are all there, in a file that is still open. */
interface Stored extends Pick<Transferred, "identity" | "resumedFromByte" | "httpSha256"> {
  readonly file: ResumableFile;
}

/** Waits for the disk only when the slot is free for the next body. */
async function toDurable({ file, ...known }: Stored): Promise<Transferred> {
  try {
    await file.sync();
  } finally {
    file.close();
  }
  return { path: file.path, ...known, secondSha256: undefined };
}

/** A run that was killed between the last byte and the name has left a whole file: there is nothing to ask for. */
function isWhole(held: HeldFile | undefined, { sizeBytes }: TransferJob): held is HeldFile {
  return held !== undefined && held.sizeBytes === sizeBytes;
}

function takeWhole(held: HeldFile): Stored {
  const identifier = new Identifier();
  for (const chunk of readHeldBytes(held)) identifier.push(chunk);
  const { sizeBytes: resumedFromByte } = held;
  return { file: ResumableFile.continue(held), identity: identifier.end(), resumedFromByte, httpSha256: undefined };
}

function toHeldBytes(held: HeldFile | undefined): HeldBytes | undefined {
  if (held === undefined) return undefined;
  return { sizeBytes: held.sizeBytes, isSame: (etag) => isSameVersion(held.validator, etag) };
}

/** A recording may well be as long as was stated and still longer than is wanted. */
function toTooLongError({ subject, sizeBytes, limitBytes }: TransferJob, totalBytes: number): HoldfastError {
  if (sizeBytes !== undefined && totalBytes > sizeBytes) return new SizeMismatchError(subject, sizeBytes, totalBytes);
  return new SizeLimitError(subject, limitBytes);
}
