import { z } from "zod";
import { tryParseByteCount } from "../core/byte-count.ts";
import { DIRECTIONS } from "../core/call-details.ts";
import { tryParseInstant } from "../core/clock.ts";
import { tryParseDurationMs } from "../core/duration.ts";
import { ANNOUNCEMENTS, CONSENTS } from "../core/notice.ts";
import { CALLER_CHANNELS } from "../core/profile.ts";
import { MAX_READERS, VERIFY_LEVELS } from "../core/verification.ts";

/** The ways of sending the key. */
export const AUTH_MODES = ["token", "bearer", "exchange"] as const;

/** The listings that the vendor may speak: that of the API page, and the account's. */
export const DIALECTS = ["documented", "account"] as const;

/** How lines on stderr are written. */
export const LOG_FORMATS = ["text", "json"] as const;

const BaseUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), {
    message: "not an http or https address, such as https://api.example.com/v2",
    abort: true,
  })
  .refine((text) => {
    const { username, password, search, hash } = new URL(text);
    return [username, password, search, hash].every((part) => part === "");
  }, "holds a user name, a password, a query or a fragment");

/** Every setting, as flags, environment and file may give it; unknown names are refused. */
export const Settings = z.strictObject({
  archive: z.string().min(1),
  ffmpeg: z.string().min(1).optional(),
  /** On which channel of two-party recordings the caller is: the vendor does not say. */
  callerChannel: z.enum(CALLER_CHANNELS).optional(),
  concurrency: z.coerce.number().int().min(1).max(256).optional(),
  baseUrl: BaseUrl,
  auth: z.enum(AUTH_MODES),
  dialect: z.enum(DIALECTS),
  accountId: z.string().min(1).optional(),
  allowPrivateHosts: z.boolean(),
  /** How long a connection, an answer or a gap in a body may take. */
  timeoutSeconds: z.coerce.number().positive().max(3600),
  apiKeyFile: z.string().min(1).optional(),
  webhookSecretFile: z.string().min(1).optional(),
  /** Who works on the archive, as its ledger names them. */
  actor: z.string().min(1).max(200).optional(),
  /** What signs the ledger's checkpoints; made if it is not there. */
  ledgerKeyFile: z.string().min(1).optional(),
  /** The public key that signed until now, for the one run that takes up a new one. */
  ledgerPreviousKeyFile: z.string().min(1).optional(),
  /** Where checkpoints are kept outside the archive: a file, or a time-stamping authority's URL. */
  ledgerAnchor: z.string().min(1).optional(),
  logFormat: z.enum(LOG_FORMATS),
});
export type Settings = z.infer<typeof Settings>;

const Duration = z.string().refine((text) => tryParseDurationMs(text) !== undefined, {
  message: "not a length of time, such as 30d or 2h30m",
});

const ByteCount = z
  .union([z.number(), z.string()])
  .refine((value) => tryParseByteCount(String(value)) !== undefined, "not a number of bytes, such as 50MB or 1GiB");

/** How the archive in one place is verified; flags go before it. */
export const LocationSettings = z.strictObject({
  level: z.enum(VERIFY_LEVELS).optional(),
  maxAge: Duration.optional(),
  budget: Duration.optional(),
  budgetBytes: ByteCount.optional(),
  readers: z.number().int().min(1).max(MAX_READERS).optional(),
  maxBytesPerSecond: ByteCount.optional(),
});
export type LocationSettings = z.infer<typeof LocationSettings>;

const Text = z.string().regex(/\S/, "holds nothing");

const Instant = z.string().refine((text) => tryParseInstant(text) !== undefined, {
  message: "not a date or time, such as 2026-01-31 or 2026-01-31T12:00:00Z",
});

const NoticeMatch = z
  .strictObject({
    direction: z.enum(DIRECTIONS).optional(),
    from: Text.optional(),
    to: Text.optional(),
    since: Instant.optional(),
    until: Instant.optional(),
  })
  .refine(isSpan, { message: "not later than since, so that nothing would fit", path: ["until"] });

function isSpan({ since, until }: { readonly since?: string | undefined; readonly until?: string | undefined }) {
  const [sinceMs, untilMs] = [since, until].map((text = "") => tryParseInstant(text));
  return sinceMs === undefined || untilMs === undefined || sinceMs < untilMs;
}

/** Why and on what ground some recordings were made, as the operator states it. */
export const NoticeSettings = z.strictObject({
  name: Text,
  match: NoticeMatch.optional(),
  announcement: z.enum(ANNOUNCEMENTS),
  announcementText: Text.optional(),
  consent: z.enum(CONSENTS),
  ground: Text,
  policy: Text.optional(),
});
export type NoticeSettings = z.infer<typeof NoticeSettings>;

/** Sidecars say by its name which rule spoke. */
const NoticeList = z
  .array(NoticeSettings)
  .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, "two rules have the same name");

/** How many people, at the most, a release may take. */
const MAX_RELEASE_NEEDS = 5;

/** Who may let go of legal holds. */
export const HoldSettings = z
  .strictObject({
    /** People, the one who asks for it included. */
    releaseNeeds: z.number().int().min(1).max(MAX_RELEASE_NEEDS).optional(),
    /** Whose signatures count, as OpenSSH's `allowed_signers`. */
    approversFile: z.string().min(1).optional(),
  })
  .refine(({ releaseNeeds = 1, approversFile }) => releaseNeeds === 1 || approversFile !== undefined, {
    message: "missing, so that nobody could approve",
    path: ["approversFile"],
  });
export type HoldSettings = z.infer<typeof HoldSettings>;

/** A month has no fixed length, and an `m` that was meant as one would be a minute. */
const WholeDays = z.string().refine((text) => /^(\d+w)?(\d+d)?$/.test(text) && tryParseDurationMs(text) !== undefined, {
  message: "not a number of whole days or weeks, such as 365d or 52w",
});

/** Which recordings stay for how long. */
const RetentionRuleSettings = z
  .strictObject({
    name: Text,
    olderThan: WholeDays.optional(),
    keep: z.literal(true).optional(),
    direction: z.enum(DIRECTIONS).optional(),
    /** A file of recording ids. */
    list: z.string().min(1).optional(),
  })
  .refine(({ olderThan, keep }) => olderThan === undefined || keep === undefined, "says both olderThan and keep")
  .refine(({ olderThan, keep, list }) => olderThan !== undefined || keep !== undefined || list !== undefined, {
    message: "says neither olderThan nor keep, and has no list of what is to be removed at once",
  });
export type RetentionRuleSettings = z.infer<typeof RetentionRuleSettings>;

function isAboutAll({ direction, list }: RetentionRuleSettings): boolean {
  return direction === undefined && list === undefined;
}

/** What the archive removes by itself, when it is told to. */
export const RetentionSettings = z.strictObject({
  verifiedWithin: Duration.optional(),
  rules: z
    .array(RetentionRuleSettings)
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, "two rules have the same name")
    .refine((rules) => !rules.slice(0, -1).some(isAboutAll), {
      message: "a rule that is about every recording stands before others, which are never asked then",
    }),
});
export type RetentionSettings = z.infer<typeof RetentionSettings>;

/** Where a key of the operator's is, or who has it; never the key itself. */
const KeySource = z.union([
  z.strictObject({ file: z.string().min(1) }),
  /** The name of a variable. */
  z.strictObject({ environment: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "not the name of a variable") }),
  /** A program and its arguments. */
  z.strictObject({ command: z.array(z.string()).min(1) }),
]);

const StatedKeyShape = z.strictObject({
  key: KeySource,
  keyId: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "not a name without spaces")
    .optional(),
});

function isNamed({ key, keyId }: z.infer<typeof StatedKeyShape>): boolean {
  return !("command" in key) || keyId !== undefined;
}

const UNNAMED = { message: "missing: a command is told by it which key is meant", path: ["keyId"] };

/** A key, and what it is called. */
const StatedKey = StatedKeyShape.refine(isNamed, UNNAMED);
export type StatedKey = z.infer<typeof StatedKey>;

/** What encrypts what is stored from now on, and what has before. */
export const EncryptionSettings = StatedKeyShape.extend({ previousKeys: z.array(StatedKey).optional() })
  .refine(isNamed, UNNAMED)
  .refine(({ keyId, previousKeys = [] }) => keyId === undefined || previousKeys.every((key) => key.keyId !== keyId), {
    message: "names an earlier key as well, so that nobody could tell which of the two is meant",
    path: ["keyId"],
  });
export type EncryptionSettings = z.infer<typeof EncryptionSettings>;

/** What a configuration file holds: any of the settings, what is set for archives by their paths, and notices. */
export const ConfigFile = Settings.partial().extend({
  locations: z.record(z.string().min(1), LocationSettings).optional(),
  notices: NoticeList.optional(),
  holds: HoldSettings.optional(),
  retention: RetentionSettings.optional(),
  encryption: EncryptionSettings.optional(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
