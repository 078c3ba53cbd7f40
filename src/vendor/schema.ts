import * as z from "zod";
import { DIRECTIONS } from "../core/call-details.ts";
import { tryParseInstant } from "../core/clock.ts";
import { isHoldfastError } from "../core/errors.ts";
import { RECORDING_STATES } from "../core/recording.ts";
import { parseRecordingId } from "../core/recording-id.ts";

/** A schema of this file, for functions that are handed one. */
export type Schema<T> = z.ZodType<T>;

/** Says what is wrong with a value first, by path and never by content: replies may hold the key [K]. */
export function toProblem(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) throw new Error("internal error: a schema failed without an issue");
  return issue.path.length === 0 ? issue.message : `${issue.path.join(".")}: ${issue.message}`;
}

const RecordingIdText = z.string().transform((text, context) => {
  try {
    return parseRecordingId(text);
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    context.addIssue("not a recording id");
    return z.NEVER;
  }
});
const CallId = z.string().min(1).max(512);
const Instant = z.string().refine((text) => tryParseInstant(text) !== undefined, "not an ISO-8601 instant");
/** The page shows whole seconds; the server behind it also knows fractions [K]. */
const Seconds = z.number().nonnegative();
const Count = z.int().nonnegative();
const Checksum = z.object({ algorithm: z.string(), value: z.string() });

/**
 * The answer to `POST /calls`. The page shows the request only, so nothing is required.
 *
 * @see Vendor API page, "Automatic Recording"
 */
export const CallReply = z.object({
  call_id: CallId.nullish(),
  id: CallId.nullish(),
  status: z.string().nullish(),
});
export type CallReply = z.infer<typeof CallReply>;

/**
 * The answer to `POST /call-flows`. The page shows the request only, so nothing is required.
 *
 * @see Vendor API page, "Recording for Inbound Calls"
 */
export const CallFlowReply = z.object({
  call_flow_id: z.string().nullish(),
  id: z.string().nullish(),
  name: z.string().nullish(),
  phone_number: z.string().nullish(),
});
export type CallFlowReply = z.infer<typeof CallFlowReply>;

/**
 * The answer to start, stop, pause and resume; the page shows it for the first two.
 *
 * @see Vendor API page, "Start Recording During Call" and "Stop Recording"
 */
export const ControlReply = z.object({
  call_id: CallId,
  recording_id: RecordingIdText,
  status: z.enum(RECORDING_STATES),
  format: z.string().nullish(),
  started_at: Instant.nullish(),
  stopped_at: Instant.nullish(),
  duration: Seconds.nullish(),
});
export type ControlReply = z.infer<typeof ControlReply>;

/**
 * One recording, alone or as a row of a list; a row has no format, rates, channels or time of completion.
 *
 * @see Vendor API page, "Get Recording Information" and "List Recordings"
 */
export const RecordingReply = z.object({
  recording_id: RecordingIdText,
  call_id: CallId,
  status: z.enum(RECORDING_STATES),
  created_at: Instant,
  completed_at: Instant.nullish(),
  duration: Seconds.nullish(),
  file_size: Count.nullish(),
  file_format: z.string().nullish(),
  bitrate: z.number().nonnegative().nullish(),
  sample_rate: Count.nullish(),
  channels: Count.nullish(),
  /** Only webhooks are documented to carry one; a list that has it is listened to. */
  checksum: Checksum.nullish(),
});
export type RecordingReply = z.infer<typeof RecordingReply>;

const Pagination = z.object({
  total: Count.nullish(),
  limit: Count.nullish(),
  offset: Count.nullish(),
  has_more: z.boolean(),
});

/** @see Vendor API page, "List Recordings" */
export const RecordingPage = z.object({ data: z.array(RecordingReply), pagination: Pagination });
export type RecordingPage = z.infer<typeof RecordingPage>;

/** A page of which each row is read by itself: one with a state that is new to us must not hide the others. */
export const ReadablePage = z.object({ data: z.array(RecordingReply.nullable().catch(null)), pagination: Pagination });
export type ReadablePage = z.infer<typeof ReadablePage>;

/** @see Vendor API page, "Delete Recording" */
export const DeletionReply = z.object({ recording_id: RecordingIdText, deleted_at: Instant });
export type DeletionReply = z.infer<typeof DeletionReply>;

/**
 * A reply in the envelope `{data, request_id, status, auth_token, …}` that other pages of the vendor show [O].
 * The bare list is none: its `data` is an array.
 */
export const WrappedReply = z.object({ data: z.record(z.string(), z.unknown()) });

/** What can stand in a header. */
const Token = z
  .string()
  .max(4096)
  .regex(/^[\x21-\x7e]+$/, "not a token");

/** The answer to `PUT /api_auth` [O]: the token stands beside the envelope's `data`, or in it. */
export const SignInReply = z.object({
  auth_token: Token.optional(),
  data: z.object({ auth_token: Token.optional(), account_id: z.string().min(1).nullish() }).optional(),
});
export type SignInReply = z.infer<typeof SignInReply>;

/** A party of a call; one that cannot be used is as good as none, and hides no recording. */
const Party = z.string().max(512).nullish().catch(undefined);

/** A recording in the account's listing, alone or as a row; it has neither size nor digest [K]. */
export const AccountItem = z.object({
  id: RecordingIdText,
  call_id: CallId,
  /** Gregorian seconds. */
  start: z.int().nonnegative(),
  duration: Seconds.nullish(),
  duration_ms: z.number().nonnegative().nullish(),
  /** With a leading dot. */
  media_type: z.string().nullish(),
  /** A number or an address. */
  from: Party,
  to: Party,
  caller_id_number: Party,
  callee_id_number: Party,
  /** Any other word says nothing that we know. */
  direction: z.enum(DIRECTIONS).optional().catch(undefined),
});
export type AccountItem = z.infer<typeof AccountItem>;

/** A page of the account's listing, in its envelope [K]. */
export const AccountPage = z.object({
  data: z.array(AccountItem),
  /** Absent or empty on the last page [O]. */
  next_start_key: z.string().nullish(),
});
export type AccountPage = z.infer<typeof AccountPage>;

const EventSubject = { recording_id: RecordingIdText, call_id: CallId };

/**
 * The body of a webhook. The page shows `recording.completed` twice, once without format and checksum.
 *
 * @see Vendor API page, "Download Recording" and "Recording Webhooks"
 */
export const WebhookBody = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("recording.started"),
    data: z.object({ ...EventSubject, started_at: Instant }),
  }),
  z.object({
    event: z.literal("recording.stopped"),
    data: z.object({ ...EventSubject, stopped_at: Instant, duration: Seconds.nullish() }),
  }),
  z.object({
    event: z.literal("recording.completed"),
    data: z.object({
      ...EventSubject,
      completed_at: Instant,
      duration: Seconds.nullish(),
      file_size: Count.nullish(),
      file_format: z.string().nullish(),
      download_url: z.string().nullish(),
      checksum: Checksum.nullish(),
    }),
  }),
  z.object({
    event: z.literal("recording.failed"),
    data: z.object({ ...EventSubject, failed_at: Instant, reason: z.string() }),
  }),
]);
export type WebhookBody = z.infer<typeof WebhookBody>;

/** The kinds of event that the page has. */
export const EVENT_KINDS: readonly string[] = WebhookBody.options.map(({ shape }) => shape.event.value);

/** A line of an event file as a receiver stores it: the signed text, what was sent beside it, and when it came. */
export const WebhookEnvelope = z.object({
  timestamp: z.string(),
  signature: z.string(),
  body: z.string(),
  receivedAt: z.string().optional(),
});
export type WebhookEnvelope = z.infer<typeof WebhookEnvelope>;
