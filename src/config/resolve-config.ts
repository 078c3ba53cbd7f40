import { tryParseJson } from "../core/try-parse-json.ts";
import { ConfigError } from "./errors.ts";
import {
  ConfigFile,
  type EncryptionSettings,
  type HoldSettings,
  type LocationSettings,
  type NoticeSettings,
  type RetentionSettings,
  Settings,
} from "./schema.ts";

/** Where a setting's value came from. */
export type SettingOrigin = "flag" | "environment" | "file" | "default" | "unset";

/** All settings with every default applied; frozen. */
export interface Config {
  readonly settings: Readonly<Settings>;
  readonly origins: Readonly<Record<keyof Settings, SettingOrigin>>;
  /** By the path of an archive, as the file has it; see `toLocationSettings`. */
  readonly locations: Readonly<Record<string, LocationSettings>>;
  /** In the order of the file; see `toNoticeRules`. */
  readonly notices: readonly NoticeSettings[];
  /** See `toHoldPolicy`. */
  readonly holds: HoldSettings;
  /** See `toRetentionPolicy`. */
  readonly retention: RetentionSettings | undefined;
  /** See `toKeyPlaces`. */
  readonly encryption: EncryptionSettings | undefined;
  /** The configuration file that was read, if there was one. */
  readonly filePath: string | undefined;
}

/** The variables that give settings; secrets have variables of their own and are never settings. */
const VARIABLES: Readonly<Partial<Record<keyof Settings, string>>> = {
  archive: "HOLDFAST_ARCHIVE",
  ffmpeg: "HOLDFAST_FFMPEG",
  baseUrl: "AUDIAN_BASE_URL",
  accountId: "AUDIAN_ACCOUNT_ID",
  actor: "HOLDFAST_ACTOR",
  ledgerKeyFile: "HOLDFAST_LEDGER_KEY_FILE",
  ledgerPreviousKeyFile: "HOLDFAST_LEDGER_PREVIOUS_KEY_FILE",
  ledgerAnchor: "HOLDFAST_LEDGER_ANCHOR",
};

const DEFAULTS: Partial<Settings> = {
  archive: "./archive",
  baseUrl: "https://api.audian.com:8443/v2",
  auth: "token",
  dialect: "documented",
  allowPrivateHosts: false,
  timeoutSeconds: 30,
  logFormat: "text",
};

const NAMES = Object.keys(Settings.shape) as readonly (keyof Settings)[];

/** The sources of settings, in falling order of precedence. */
export interface ConfigSources {
  readonly flags: Readonly<Partial<Record<keyof Settings, unknown>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The configuration file, if there is one. */
  readonly file: { readonly path: string; readonly text: string } | undefined;
}

/**
 * Decides every setting: flags before environment before file before defaults. An empty variable counts as
 * not set.
 *
 * @throws {ConfigError} a value cannot be used; the message names the setting and where it came from.
 */
export function resolveConfig({ flags, environment, file }: ConfigSources): Config {
  const fileSettings = file === undefined ? {} : parseConfigFile(file);
  const values: Partial<Record<keyof Settings, unknown>> = {};
  const origins = {} as Record<keyof Settings, SettingOrigin>;
  for (const name of NAMES) {
    const candidates: readonly (readonly [SettingOrigin, unknown])[] = [
      ["flag", flags[name]],
      ["environment", environment[VARIABLES[name] ?? ""] || undefined],
      ["file", fileSettings[name]],
      ["default", DEFAULTS[name]],
    ];
    const [origin, value] = candidates.find(([, candidate]) => candidate !== undefined) ?? ["unset", undefined];
    origins[name] = origin;
    if (value !== undefined) values[name] = value;
  }
  const parsed = Settings.safeParse(values);
  if (parsed.success) {
    const locations = Object.freeze(fileSettings.locations ?? {});
    const notices = Object.freeze(fileSettings.notices ?? []);
    const holds = Object.freeze(fileSettings.holds ?? {});
    const decided = { settings: Object.freeze(parsed.data), origins: Object.freeze(origins) };
    const { retention, encryption } = fileSettings;
    return Object.freeze({ ...decided, locations, notices, holds, retention, encryption, filePath: file?.path });
  }
  const issue = parsed.error.issues[0];
  const name = String(issue?.path[0] ?? "settings") as keyof Settings;
  throw new ConfigError(`${name} (from ${origins[name] ?? "settings"}): ${issue?.message ?? "not usable"}`);
}

function parseConfigFile({ path, text }: { path: string; text: string }): ConfigFile {
  const value = tryParseJson(text);
  if (value === undefined) throw new ConfigError(`not JSON: ${path}`);
  const parsed = ConfigFile.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? [] : [issue.path.join(".")];
  throw new ConfigError([path, ...place, issue?.message ?? "not usable"].join(": "));
}
