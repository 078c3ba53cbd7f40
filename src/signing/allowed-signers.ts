import { tryParseInstant } from "../core/clock.ts";
import { matchesPatterns } from "./pattern-list.ts";
import type { PublicKey } from "./public-key.ts";
import { tryFindSshKey, trySplitSshLine } from "./ssh-line.ts";

/** A line of an `allowed_signers` file: whose key it is, for what and when. */
export interface AllowedSigner {
  /** Persons, or patterns of them, as they are written. */
  readonly principals: string;
  readonly publicKey: PublicKey;
  /** Patterns of what the key may sign for; undefined for anything. */
  readonly namespaces: string | undefined;
  readonly validAfterMs: number | undefined;
  readonly validBeforeMs: number | undefined;
}

/** What an `allowed_signers` file says, and what of it was left out. */
export interface AllowedSigners {
  readonly signers: readonly AllowedSigner[];
  /** One for each line that allows nobody, naming it. */
  readonly remarks: readonly string[];
}

type Options = Pick<AllowedSigner, "namespaces" | "validAfterMs" | "validBeforeMs">;

const OPTION = /([a-z-]+)(?:="([^"]*)")?(?:,(?=.)|$)/iy;

/**
 * Reads the file by which ssh-keygen knows whose signatures count. A line that is not understood to its last word allows
 * nobody. Times must end in `Z`: those without mean another instant on each machine.
 *
 * @see ssh-keygen(1) "ALLOWED SIGNERS"
 */
export function parseAllowedSigners(text: string): AllowedSigners {
  const signers: AllowedSigner[] = [];
  const remarks: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const signer = parseLine(line);
    if (typeof signer === "string") remarks.push(`line ${index + 1} allows nobody: ${signer}`);
    else signers.push(signer);
  }
  return { signers, remarks };
}

/**
 * Finds whose key it is, by the rules of `ssh-keygen -Y verify`.
 *
 * @returns the principals of the first line that allows the key to sign for this purpose at this time.
 */
export function findPrincipal(
  signers: readonly AllowedSigner[],
  wanted: { readonly publicKey: PublicKey; readonly namespace: string; readonly nowMs: number },
): string | undefined {
  const { publicKey, namespace, nowMs } = wanted;
  return signers.find(
    (signer) =>
      signer.publicKey.bytes.equals(publicKey.bytes) &&
      (signer.namespaces === undefined || matchesPatterns(namespace, signer.namespaces)) &&
      nowMs >= (signer.validAfterMs ?? Number.NEGATIVE_INFINITY) &&
      nowMs <= (signer.validBeforeMs ?? Number.POSITIVE_INFINITY),
  )?.principals;
}

function parseLine(line: string): AllowedSigner | string {
  const fields = trySplitSshLine(line);
  if (fields === undefined) return "a quote is not closed";
  const [principals = "", ...rest] = fields;
  const found = tryFindSshKey(rest);
  if (unquote(principals) === "") return "it names nobody";
  if (found === undefined || found.index > 1) return "there is no key, or not where it belongs";
  const options = parseOptions(found.index === 0 ? "" : (rest[0] ?? ""));
  if (typeof options === "string") return options;
  if (!found.isSupported) return `keys of type ${found.type} are not used here`;
  const { publicKey } = found;
  return publicKey === undefined ? "the key is damaged" : { principals: unquote(principals), publicKey, ...options };
}

function parseOptions(text: string): Options | string {
  const values = new Map<string, string | undefined>();
  OPTION.lastIndex = 0;
  while (OPTION.lastIndex < text.length) {
    const [, name = "", value] = OPTION.exec(text) ?? [];
    const option = name.toLowerCase();
    if (option === "cert-authority") return "authorities for certificates are not used here";
    const isKnown = ["namespaces", "valid-after", "valid-before"].includes(option) && value !== undefined;
    if (!isKnown || values.has(option)) return "its options are not understood";
    values.set(option, value);
  }
  return toOptions(values);
}

function toOptions(values: ReadonlyMap<string, string | undefined>): Options | string {
  const [after, before] = [values.get("valid-after"), values.get("valid-before")];
  const [validAfterMs, validBeforeMs] = [toInstant(after), toInstant(before)];
  const isMissing = (text?: string, instant?: number) => text !== undefined && instant === undefined;
  if (isMissing(after, validAfterMs) || isMissing(before, validBeforeMs)) {
    return "a time is not understood; write YYYYMMDDZ or YYYYMMDDHHMMSSZ, in UTC";
  }
  return { namespaces: values.get("namespaces"), validAfterMs, validBeforeMs };
}

function toInstant(text: string | undefined): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?Z$/.exec(text ?? "");
  if (parts === null) return undefined;
  const [, year, month, day, hour = "00", minute = "00", second = "00"] = parts;
  return tryParseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function unquote(field: string): string {
  return field.replace(/^"(.*)"$/, "$1");
}
