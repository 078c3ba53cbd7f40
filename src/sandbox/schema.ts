import * as z from "zod";
import { AUDIO_FORMATS } from "../core/audio-format.ts";
import { DIRECTIONS } from "../core/call-details.ts";
import { tryParseInstant } from "../core/clock.ts";
import { PARTICIPANTS, RECORDING_STATES } from "../core/recording.ts";

/** The `recording` object of a call, and the body of `record/start`. See the API page, "Recording Parameters". */
export const RecordingSettings = z.object({
  enabled: z.boolean().default(false),
  format: z.enum(AUDIO_FORMATS).default("mp3"),
  participant: z.enum(PARTICIPANTS).default("all"),
  bitrate: z.int().optional(),
  sample_rate: z.int().optional(),
  announce: z.boolean().default(false),
});
export type RecordingSettings = z.infer<typeof RecordingSettings>;

/** The body of `POST /calls`. See the API page, "Automatic Recording". */
export const NewCall = z.object({
  from: z.string().min(1),
  to: z.string().min(1),
  recording: RecordingSettings.optional(),
});
export type NewCall = z.infer<typeof NewCall>;

/** The body of `POST /call-flows`. See the API page, "Recording for Inbound Calls". */
export const NewCallFlow = z.object({
  name: z.string().min(1),
  phone_number: z.string().min(1),
  recording: RecordingSettings.optional(),
  routing: z
    .array(z.object({ pattern: z.string(), destination: z.string(), destination_type: z.string() }))
    .default([]),
});
export type NewCallFlow = z.infer<typeof NewCallFlow>;

/** The page gives no bounds; 100 is the most that the vendor's other lists return. */
const PAGE_SIZE = { default: 50, max: 100 } as const;

/** The query of `GET /recordings`; a limit above the bound is lowered, and the reply says so. */
export const ListQuery = z.object({
  call_id: z.string().optional(),
  since: z
    .string()
    .refine((text) => tryParseInstant(text) !== undefined, "not an ISO-8601 instant")
    .transform((text) => tryParseInstant(text))
    .optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .transform((limit) => Math.min(limit, PAGE_SIZE.max))
    .default(PAGE_SIZE.default),
  offset: z.coerce.number().int().min(0).default(0),
});
export type ListQuery = z.infer<typeof ListQuery>;

const StoredCall = z.object({
  callId: z.string(),
  from: z.string(),
  to: z.string(),
  /** Sandboxes of before made incoming calls alone. */
  direction: z.enum(DIRECTIONS).default("inbound"),
  createdAtMs: z.int(),
});
export type StoredCall = z.infer<typeof StoredCall>;

const StoredCallFlow = NewCallFlow.extend({ callFlowId: z.string(), createdAtMs: z.int() });
export type StoredCallFlow = z.infer<typeof StoredCallFlow>;

/** How long a recording ran, from its end on. */
const RecordingEnd = z.object({ stoppedAtMs: z.int(), durationSeconds: z.int() });

/** The finished file of a recording. */
const RecordingFile = z.object({ completedAtMs: z.int(), sizeBytes: z.int(), sha256: z.string() });

const StoredRecording = z.object({
  recordingId: z.string().regex(/^rec_[0-9a-f]{16}$/),
  callId: z.string(),
  status: z.enum(RECORDING_STATES),
  format: z.enum(AUDIO_FORMATS),
  participant: z.enum(PARTICIPANTS),
  bitrateKbps: z.int(),
  sampleRateHz: z.int(),
  channels: z.union([z.literal(1), z.literal(2)]),
  announce: z.boolean(),
  startedAtMs: z.int(),
  /** What was recorded before the current stretch, pauses left out. */
  recordedMs: z.int(),
  /** When the current stretch began; there is none while paused or after the end. */
  runningSinceMs: z.int().optional(),
  end: RecordingEnd.optional(),
  file: RecordingFile.optional(),
});
export type StoredRecording = z.infer<typeof StoredRecording>;

/** A recording from `stopped` on. */
export type EndedRecording = StoredRecording & { readonly end: z.infer<typeof RecordingEnd> };

/** A recording that can be downloaded. */
export type CompletedRecording = EndedRecording & { readonly file: z.infer<typeof RecordingFile> };

/** What `sandbox.json` holds. */
export const SandboxState = z.object({
  schema: z.literal("holdfast.sandbox/1"),
  seed: z.number(),
  seedCalls: z.int(),
  formats: z.array(z.enum(AUDIO_FORMATS)).optional(),
  lengthSeconds: z.object({ min: z.int(), max: z.int() }).optional(),
  /** How many ids have been given out. */
  idCount: z.int(),
  calls: z.array(StoredCall),
  callFlows: z.array(StoredCallFlow),
  recordings: z.array(StoredRecording),
});
export type SandboxState = z.infer<typeof SandboxState>;
