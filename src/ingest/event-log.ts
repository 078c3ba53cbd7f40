import { createHash } from "node:crypto";
import { toIsoInstant } from "../core/clock.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { AppendLog } from "../io/append-log.ts";
import { readLines } from "../io/read-lines.ts";
import { WebhookEnvelope } from "../vendor/schema.ts";

/** A delivery whose signature was verified. */
export interface ReceivedDelivery {
  readonly timestamp: string;
  readonly signature: string;
  /** The text that was signed, to the byte. */
  readonly body: string;
  readonly receivedAtMs: number;
}

/**
 * At least so many bodies are remembered, and at most twice as many. The vendor repeats a delivery within an hour [O];
 * a repeat that comes after so many others is kept once more, which does no harm.
 */
const REMEMBERED_BODIES = 50_000;

/**
 * The file of all webhooks received, a line each: the envelope that `parseEventLine` reads, with `receivedAt`. A body
 * that is there already is not written again, also after a restart, whatever it was signed with the second time.
 */
export class EventLog {
  readonly #file: AppendLog;
  /** Digests of bodies on disk. */
  #recent = new Set<string>();
  #older = new Set<string>();
  readonly #underWay = new Map<string, Promise<void>>();

  private constructor(file: AppendLog) {
    this.#file = file;
  }

  /**
   * Opens the log, or makes it; the caller lets it settle. What a crash left of a last line is cut off: it was
   * never acknowledged, so the vendor sends it again.
   *
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} it cannot be read or written.
   */
  static async open(path: string): Promise<EventLog> {
    const log = new EventLog(await AppendLog.open(path));
    for await (const line of readLines(path)) {
      const { success, data } = WebhookEnvelope.safeParse(tryParseJson(line));
      if (success) log.#remember(toBodyDigest(data.body));
    }
    return log;
  }

  /**
   * Resolves when the delivery is on disk, now or from before; a failed one can be tried again.
   *
   * @returns `duplicate` when its body was there already or was just being written.
   * @throws {NotFoundError} the file was removed.
   * @throws {StorageFullError} no space left.
   * @throws {StorageUnavailableError} any other failure of the file system.
   */
  async append(delivery: ReceivedDelivery): Promise<"appended" | "duplicate"> {
    const digest = toBodyDigest(delivery.body);
    if (this.#recent.has(digest) || this.#older.has(digest)) return "duplicate";
    const underWay = this.#underWay.get(digest);
    if (underWay !== undefined) return underWay.then(() => "duplicate");
    const writing = this.#file.append(toLine(delivery));
    this.#underWay.set(digest, writing);
    try {
      await writing;
      this.#remember(digest);
      return "appended";
    } finally {
      this.#underWay.delete(digest);
    }
  }

  /** Resolves when everything appended so far is on disk or has failed. */
  settled(): Promise<void> {
    return this.#file.settled();
  }

  #remember(digest: string): void {
    if (this.#recent.size === REMEMBERED_BODIES) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    this.#recent.add(digest);
  }
}

/** 128 of the 256 bits: enough to tell bodies apart, which all come from one sender, in half the memory. */
function toBodyDigest(body: string): string {
  return createHash("sha256").update(body).digest().toString("latin1", 0, 16);
}

function toLine({ timestamp, signature, body, receivedAtMs }: ReceivedDelivery): string {
  const envelope: WebhookEnvelope = { timestamp, signature, body, receivedAt: toIsoInstant(receivedAtMs) };
  return JSON.stringify(envelope);
}
