import pLimit from "p-limit";
import type { Clock } from "../core/clock.ts";
import { isHoldfastError } from "../core/errors.ts";
import { makeRecording, type Studio } from "./make-recording.ts";
import { toCompletedEvent, toFailedEvent } from "./recording-event.ts";
import type { SandboxStore } from "./sandbox-store.ts";
import type { EndedRecording } from "./schema.ts";
import type { WebhookOutbox } from "./webhook-outbox.ts";

/** What processing takes. */
export interface RecordingProcessorPorts {
  readonly store: SandboxStore;
  readonly studio: Studio;
  readonly outbox: WebhookOutbox;
  readonly clock: Clock;
  /** Returns the API's own address, which is known once it listens. */
  readonly baseUrl: () => string;
}

/** How many recordings are encoded at once. */
export const ENCODERS = 2;

/** Takes stopped recordings through `processing` to `completed` or `failed`, behind the API's back. */
export class RecordingProcessor {
  readonly #ports: RecordingProcessorPorts;
  readonly #limit = pLimit(ENCODERS);
  readonly #underWay = new Set<Promise<void>>();

  constructor(ports: RecordingProcessorPorts) {
    this.#ports = ports;
  }

  /** Queues a recording that is stopped, or was being processed when the sandbox was closed. */
  submit(recording: EndedRecording): void {
    const task = this.#limit(() => this.#process(recording)).finally(() => this.#underWay.delete(task));
    this.#underWay.add(task);
  }

  /** Resolves when everything submitted so far is completed, failed or cancelled. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async #process(stopped: EndedRecording): Promise<void> {
    const { store, studio, outbox, clock, baseUrl } = this.#ports;
    const recording = { ...stopped, status: "processing" as const };
    try {
      await store.putRecording(recording);
      const made = await makeRecording(studio, recording);
      const file = { ...made, completedAtMs: clock.now() };
      const completed = { ...recording, status: "completed" as const, file };
      await store.putRecording(completed);
      await outbox.publish(toCompletedEvent(completed, baseUrl()));
    } catch (error) {
      // Cancelled: the row still says `processing`, and the next start goes on from there.
      if (!studio.signal.aborted) await this.#fail(recording, error);
    }
  }

  async #fail(recording: EndedRecording, error: unknown): Promise<void> {
    if (!isHoldfastError(error)) throw error;
    const { store, outbox, clock } = this.#ports;
    const reason = error.code.startsWith("STORAGE_") ? "storage_error" : "processing_error";
    await store.putRecording({ ...recording, status: "failed" });
    await outbox.publish(toFailedEvent(recording, { atMs: clock.now(), reason }));
  }
}
