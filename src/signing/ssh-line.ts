import { tryDecodeBase64 } from "./base64.ts";
import { PublicKey, SSH_KEY_TYPE } from "./public-key.ts";

/** A key that stands in a line: at which field, and the key itself if it is whole and of a type that is used here. */
export interface SshLineKey {
  readonly index: number;
  readonly type: string;
  readonly isSupported: boolean;
  readonly publicKey: PublicKey | undefined;
}

/** Signs, or words in quotes, in which spaces belong to the field and `\"` is a quote. */
const FIELD = /(?:"(?:[^"\\]|\\.)*"|[^\s"])+/g;
const TYPE = /^(?:sk-)?(?:ssh|ecdsa)-[\w@.-]{1,60}$/;

/** Every key begins with the length of its type's name, which is a small one. */
const KEY_START = "AAAA";

/** Splits a line of an `authorized_keys` or `allowed_signers` file; undefined when a quote is not closed. */
export function trySplitSshLine(line: string): readonly string[] | undefined {
  return line.replaceAll(FIELD, "").trim() === "" ? (line.match(FIELD) ?? []) : undefined;
}

/** Finds the first field that names a type of key with a key behind it, and reads that. */
export function tryFindSshKey(fields: readonly string[]): SshLineKey | undefined {
  const index = fields.findIndex((field, at) => TYPE.test(field) && fields[at + 1]?.startsWith(KEY_START));
  const type = fields[index];
  if (type === undefined) return undefined;
  const isSupported = type === SSH_KEY_TYPE;
  const blob = tryDecodeBase64(fields[index + 1] ?? "");
  return { index, type, isSupported, publicKey: blob && PublicKey.tryFromSsh(blob) };
}
