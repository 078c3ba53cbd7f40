import type { Config } from "./resolve-config.ts";
import type { EncryptionSettings, StatedKey } from "./schema.ts";

/** A key of the operator's, and what it is called beside what it has wrapped. */
export interface KeyPlace {
  /** A relative path counts from the working folder, as everywhere. */
  readonly from:
    | { readonly kind: "file"; readonly path: string }
    | { readonly kind: "environment"; readonly variable: string }
    | { readonly kind: "command"; readonly program: string; readonly arguments: readonly string[] };
  /** Undefined: it is derived from the key. */
  readonly keyId: string | undefined;
}

/** Which keys are there: the one that wraps, and those before it. */
export interface KeyPlaces {
  readonly current: KeyPlace;
  readonly previous: readonly KeyPlace[];
}

/** Gives what the configuration file says of keys; undefined when that is nothing, and audio is stored in the clear. */
export function toKeyPlaces({ encryption }: Pick<Config, "encryption">): KeyPlaces | undefined {
  if (encryption === undefined) return undefined;
  const { previousKeys = [], ...current } = encryption;
  return { current: toKeyPlace(current), previous: previousKeys.map(toKeyPlace) };
}

function toKeyPlace({ key, keyId }: Pick<EncryptionSettings, keyof StatedKey>): KeyPlace {
  if ("file" in key) return { from: { kind: "file", path: key.file }, keyId };
  if ("environment" in key) return { from: { kind: "environment", variable: key.environment }, keyId };
  const [program = "", ...others] = key.command;
  return { from: { kind: "command", program, arguments: others }, keyId };
}
