import type { Clock } from "../core/clock.ts";
import type { Secret } from "../core/secret.ts";
import type { Ffmpeg } from "../ffmpeg/ffmpeg.ts";
import type { Fault } from "./faults/parse-faults.ts";
import type { SandboxSeed } from "./sandbox-store.ts";

/** What a sandbox is made of. The seed decides ids, numbers, lengths, formats and how long before the first start. */
export interface SandboxOptions extends SandboxSeed {
  /** Its data folder; a later start with the same seed goes on from what is there. */
  readonly directory: string;
  readonly ffmpeg: Ffmpeg;
  readonly apiKey: Secret;
  readonly webhookSecret: Secret;
  /** Receives webhooks, if any; `events.ndjson` in the data folder holds them in any case. */
  readonly webhookUrl?: string | undefined;
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** Above so many bytes nothing more is recorded. @default no limit */
  readonly quotaBytes?: number | undefined;
  /** What goes wrong. @default nothing */
  readonly faults?: readonly Fault[] | undefined;
  /** Whether downloads tell their digest (RFC 9530). @default false */
  readonly reprDigest?: boolean | undefined;
  /** How long a recording is kept after it was created. @default 30, as the vendor's page says */
  readonly retentionDays?: number | undefined;
  /** How long a token is good for that the key was exchanged for. @default an hour */
  readonly tokenLifeMs?: number | undefined;
  /** Whether the account's listing refuses who asks too fast. @default true */
  readonly rateLimited?: boolean | undefined;
  /** @default the machine's own */
  readonly clock?: Clock | undefined;
  /** Ends the seeding, and later every encoding under way. */
  readonly signal?: AbortSignal | undefined;
}
