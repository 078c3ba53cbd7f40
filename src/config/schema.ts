import { z } from "zod";
import { tryParseByteCount } from "../core/byte-count.ts";
import { tryParseDurationMs } from "../core/duration.ts";
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

/** What a configuration file holds: any of the settings, and what is set for archives by their paths. */
export const ConfigFile = Settings.partial().extend({
  locations: z.record(z.string().min(1), LocationSettings).optional(),
});
export type ConfigFile = z.infer<typeof ConfigFile>;
