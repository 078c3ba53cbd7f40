import { z } from "zod";
import { AUDIO_FORMATS } from "../core/audio-format.ts";
import { DIRECTIONS } from "../core/call-details.ts";
import { tryParseSha256 } from "../core/digest.ts";
import { FINDING_KINDS } from "../core/finding.ts";
import { ANNOUNCEMENTS, CONSENTS } from "../core/notice.ts";
import { CALLER_CHANNELS, EFFORTS, PARTICIPANTS, PROFILE_NAME } from "../core/profile.ts";
import { RECORDING_STATES } from "../core/recording.ts";
import { parseRecordingId } from "../core/recording-id.ts";

const Sha256 = z.string().transform((text, context) => {
  const digest = tryParseSha256(text);
  if (digest !== undefined) return digest;
  context.addIssue({ code: "custom", message: "not a sha256 digest" });
  return z.NEVER;
});

const Instant = z.iso.datetime({ offset: true });
const Count = z.number().int().nonnegative();

/** A name beside the sidecar; a sidecar never points out of its folder. */
const SiblingName = z
  .string()
  .regex(/^[^/\\]+$/)
  .refine((name) => name !== "." && name !== ".." && !name.includes("\0"));

const Defect = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  message: z.string(),
  byteOffset: Count.optional(),
  atSeconds: z.number().optional(),
  lostSeconds: z.number().optional(),
  expected: z.union([z.string(), z.number()]).optional(),
  found: z.union([z.string(), z.number()]).optional(),
});

/** The structure facts of one file, as read from its own bytes when it was stored. */
const StructureRecord = z.strictObject({
  container: z.enum(["wav", "mp3", "ogg"]),
  codec: z.string(),
  sampleRateHz: Count,
  channels: Count,
  frames: Count,
  samples: Count,
  samplesRateHz: Count,
  samplesExact: z.boolean(),
  durationSeconds: z.number().nonnegative(),
  declaredDurationSeconds: z.number().nonnegative().nullable(),
  packetBytes: Count,
  bitrateKbps: z.number().nonnegative(),
  complete: z.boolean().nullable(),
  defects: z.array(Defect),
  remarks: z.array(z.string()),
});

/** One audio file of the archive: its name, its identity and its structure. */
export const StoredAudio = z.strictObject({
  file: SiblingName,
  sizeBytes: Count,
  sha256: Sha256,
  packetSha256: Sha256.nullable(),
  format: z.enum(AUDIO_FORMATS),
  structure: StructureRecord,
  /** What lies on disk, when that is encrypted; all else is of what it holds. */
  stored: z.strictObject({ sizeBytes: Count, sha256: Sha256 }).optional(),
});
export type StoredAudio = z.infer<typeof StoredAudio>;

/** How an original's bytes are known to be the vendor's, never more than was checked. */
export const EVIDENCE_GRADES = ["vendor-digest", "http-digest", "two-reads", "size-only", "none"] as const;
export type EvidenceGrade = (typeof EVIDENCE_GRADES)[number];

/** What speaks for an original's bytes, and where it came from. */
export const Evidence = z.strictObject({
  grade: z.enum(EVIDENCE_GRADES),
  /** The digest that the vendor sent, when it sent one. */
  vendorSha256: Sha256.optional(),
  /**
   * Whether the webhook that carried it was signed: `not-checked` when we have no secret, `unsigned` when we have one and
   * it bore no signature. Absent when the list carried it.
   */
  webhookSignature: z.enum(["verified", "not-checked", "unsigned"]).optional(),
  /** The digest that the server sent beside the bytes (RFC 9530), when it sent one. */
  httpSha256: Sha256.optional(),
  /** How often the bytes were read, when more than once, over separate connections and with the same digest. */
  reads: Count.optional(),
  /** The size that the vendor sent, when it sent one. */
  vendorSizeBytes: Count.optional(),
});
export type Evidence = z.infer<typeof Evidence>;

/** What the vendor said of a recording, unchecked. */
const VendorRecord = z.strictObject({
  source: z.string(),
  status: z.enum(RECORDING_STATES),
  createdAt: Instant,
  completedAt: Instant.optional(),
  durationSeconds: z.number().optional(),
  sizeBytes: z.number().optional(),
  format: z.string().optional(),
  bitrateKbps: z.number().optional(),
  sampleRateHz: z.number().optional(),
  channels: z.number().optional(),
  /** Who called whom; the documented list does not tell. */
  from: z.string().optional(),
  to: z.string().optional(),
  direction: z.enum(DIRECTIONS).optional(),
});
export type VendorRecord = z.infer<typeof VendorRecord>;

/** Why and on what ground a call was recorded: what the operator states, unchecked. */
const Notice = z.strictObject({
  announcement: z.enum(ANNOUNCEMENTS),
  announcementText: z.string().optional(),
  consent: z.enum(CONSENTS),
  ground: z.string(),
  policy: z.string().optional(),
  statedBy: z.literal("rule"),
  rule: z.string(),
  statedAt: Instant,
});

/** What was asked of a conversion, beside its format. */
const ConversionSettings = z.strictObject({
  bitrateKbps: Count,
  bitrateMode: z.enum(["cbr", "vbr"]),
  sampleRateHz: Count,
  channels: z.union([z.literal(1), z.literal(2)]),
  effort: z.enum(EFFORTS),
  participant: z.enum(PARTICIPANTS),
  /** There when one party alone was asked for. */
  callerChannel: z.enum(CALLER_CHANNELS).optional(),
});
export type ConversionSettings = z.infer<typeof ConversionSettings>;

/** A file made from the original, with all that is needed to make it again. */
export const Derivative = StoredAudio.extend({
  profile: z.string().regex(new RegExp(`^${PROFILE_NAME}$`)),
  settings: ConversionSettings,
  source: z.strictObject({ sha256: Sha256, packetSha256: Sha256.nullable() }),
  /** Null where nothing was encoded: the source was what is wanted, and was copied byte for byte. */
  ffmpeg: z.strictObject({ path: z.string(), version: z.string(), sha256: Sha256 }).nullable(),
  /** What makes this file alone. The run may have made others side by side, which changes no byte of it. */
  arguments: z.array(z.string()),
  /** Of the whole run. */
  elapsedMs: Count,
  outputsInRun: Count,
  /** How it was held against its source before it got its name; a copy has the source's very bytes. */
  check: z.enum(["structure", "deep"]),
  /** What a reader should know of the quality: that it is lossy twice, or was upsampled. */
  remarks: z.array(z.string()),
  madeAt: Instant,
  tool: z.strictObject({ name: z.literal("holdfast"), version: z.string() }),
});
export type Derivative = z.infer<typeof Derivative>;

/** With what the encrypted files of a recording are encrypted. */
export const Encryption = z
  .strictObject({
    /** Of each file: a message of the AWS Encryption SDK, version 2. */
    format: z.literal("aws-encryption-sdk/2"),
    /** The operator's key that the recording's own key is wrapped with. */
    keyId: z.string().min(1),
    /** The recording's own key, wrapped; there until it is destroyed. */
    wrappedKey: z.base64().min(1).optional(),
    destroyed: z.strictObject({ at: Instant, by: z.string(), reason: z.string() }).optional(),
  })
  .refine(({ wrappedKey, destroyed }) => (wrappedKey === undefined) !== (destroyed === undefined), {
    message: "either has a key or tells that it was destroyed",
  });
export type Encryption = z.infer<typeof Encryption>;

/** The name and version of the sidecar's form. */
export const SIDECAR_SCHEMA = "holdfast.sidecar/1";

/** All that is known of one recording; it stands beside the original. */
export const Sidecar = z.strictObject({
  schema: z.literal(SIDECAR_SCHEMA),
  recordingId: z.string().transform((id) => parseRecordingId(id)),
  callId: z.string(),
  /** As the operator stated it when the recording was fetched: the vendor does not say. */
  callerChannel: z.enum(CALLER_CHANNELS).optional(),
  notice: Notice.optional(),
  vendor: VendorRecord,
  fetchedAt: Instant,
  original: StoredAudio,
  evidence: Evidence,
  derivatives: z.array(Derivative),
  /** There since a file of the recording was stored encrypted; see {@link StoredAudio.stored} for which are. */
  encryption: Encryption.optional(),
});
export type Sidecar = z.infer<typeof Sidecar>;

/** The name and version of a tombstone's form. */
export const TOMBSTONE_SCHEMA = "holdfast.tombstone/1";

/** What is left of a recording that was removed; it stands in place of its sidecar. */
export const Tombstone = z.strictObject({
  schema: z.literal(TOMBSTONE_SCHEMA),
  recordingId: z.string().transform((id) => parseRecordingId(id)),
  callId: z.string(),
  createdAt: Instant,
  fetchedAt: Instant,
  original: z.strictObject({
    format: z.enum(AUDIO_FORMATS),
    sizeBytes: Count,
    durationSeconds: z.number().nonnegative(),
    sha256: Sha256,
    packetSha256: Sha256.nullable(),
  }),
  evidence: z.enum(EVIDENCE_GRADES),
  removedAt: Instant,
  removedBy: z.string(),
  /** The rule that it fell under, and what that says. */
  reason: z.string(),
});
export type Tombstone = z.infer<typeof Tombstone>;

const RecordingIds = z.array(z.string().transform((id) => parseRecordingId(id)));

/** Where an event stood first, and whose it is, when a new ledger has taken it over from one that was broken. */
const CarriedFrom = z.object({ seq: Count, at: Instant, actor: z.string() });

/** What the ledger's event says of a hold, beside its case. */
export const HeldDetail = z.object({
  criteria: z.union([
    z.strictObject({ kind: z.literal("named"), recordingIds: RecordingIds, callIds: z.array(z.string()) }),
    z.strictObject({
      kind: z.literal("matching"),
      from: z.string().optional(),
      to: z.string().optional(),
      sinceMs: z.number().int().optional(),
      untilMs: z.number().int().optional(),
    }),
  ]),
  reason: z.string().optional(),
  carriedFrom: CarriedFrom.optional(),
});

/** What the ledger's event says of a release, beside the case. */
export const ReleasedDetail = z.object({
  /** The events of the holds that it lets go. */
  holds: z.array(Count),
  reason: z.string(),
  approvedBy: z.array(z.string()),
  carriedFrom: CarriedFrom.optional(),
});

/** What the ledger's event says of a run that was killed. */
export const MendedDetail = z.object({
  /** Those right before it that no checkpoint covered. */
  unsignedEvents: Count,
});

/** The archive's own marker in `holdfast.json`: its presence tells an archive from an empty mount point. */
export const ArchiveMarker = z.strictObject({
  schema: z.literal("holdfast.archive/1"),
  archiveId: z.uuid(),
  createdAt: Instant,
  /** There since the archive has a ledger: from then on, one that is gone is missed. */
  ledger: z.literal("holdfast.ledger/1").optional(),
  /** There since audio was stored encrypted: from then on, none is stored in the clear for want of a key. */
  encryption: z.literal(true).optional(),
});
export type ArchiveMarker = z.infer<typeof ArchiveMarker>;

/** What an event tells of who read what; nobody vouches for it but whoever could write in the archive's folder. */
export const AccessNote = z.strictObject({
  schema: z.literal("holdfast.access/1"),
  readAt: Instant,
  readBy: z.string().min(1).max(1000),
  command: z.string().min(1).max(100),
  recordingId: z
    .string()
    .regex(/^\P{Cc}{1,512}$/u)
    .optional(),
  files: Count,
  /** The first of them, by their places in the archive. */
  names: z.array(z.string().max(2000)).max(100),
  /** The Merkle root over all names, where not all are named. */
  items: Sha256.optional(),
});
export type AccessNote = z.infer<typeof AccessNote>;
