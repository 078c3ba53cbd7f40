import { z } from "zod";
import { CALLER_CHANNELS } from "../core/profile.ts";

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

/** What a configuration file holds: any of the settings. */
export const ConfigFile = Settings.partial();
export type ConfigFile = z.infer<typeof ConfigFile>;
