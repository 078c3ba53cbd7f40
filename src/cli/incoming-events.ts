import type { Secret } from "../core/secret.ts";
import { type EventFile, readEventLines } from "../ingest/read-events.ts";
import { FollowedFile } from "../io/followed-file.ts";
import type { StoredEvent } from "../vendor/event-file.ts";

/** Events as they come: appended to a file by another program, or received live. */
export class IncomingEvents {
  readonly secret: Secret | undefined;
  readonly #file: FollowedFile | undefined;
  #received: StoredEvent[] = [];

  constructor(path: string | undefined, secret: Secret | undefined) {
    this.secret = secret;
    this.#file = path === undefined ? undefined : new FollowedFile(path);
  }

  add(event: StoredEvent): void {
    this.#received.push(event);
  }

  /**
   * Gives what has come since the last call.
   *
   * @throws {NotFoundError} the file is not there.
   */
  async take(): Promise<EventFile> {
    if (this.#file === undefined) return { events: this.#takeReceived(), failures: [], findings: [] };
    const { lines, linesBefore } = await this.#file.takeLines();
    const appended = await readEventLines(lines, { path: this.#file.path, linesBefore, secret: this.secret });
    return { ...appended, events: [...appended.events, ...this.#takeReceived()] };
  }

  #takeReceived(): readonly StoredEvent[] {
    const received = this.#received;
    this.#received = [];
    return received;
  }
}
