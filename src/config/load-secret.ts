import { readFile } from "node:fs/promises";
import { Secret } from "../core/secret.ts";
import { findLooseMode } from "../io/loose-mode.ts";
import { ConfigError } from "./errors.ts";

/** Where a secret may come from: a file that is named, else a variable. */
export interface SecretSource {
  readonly file: string | undefined;
  /** The value of the variable. */
  readonly value: string | undefined;
}

/** What can stand in an HTTP header's value; a line break or a letter with an accent is a file mixed up. */
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * Loads a secret; surrounding white space does not count. A file that others than its owner may use is told of and not
 * refused: where containers are given their secrets, the mode is often not the user's to choose.
 *
 * @returns undefined when neither is given.
 * @throws {ConfigError} the file cannot be read or holds nothing, or the secret is not printable ASCII.
 */
export async function loadSecret(
  { file, value }: SecretSource,
  tell: (warning: string) => void,
): Promise<Secret | undefined> {
  const text = (file === undefined ? value : await readSecretFile(file, tell))?.trim();
  if (text === undefined || text === "") {
    if (file === undefined) return undefined;
    throw new ConfigError(`the file holds no secret: ${file}`);
  }
  if (!PRINTABLE_ASCII.test(text)) {
    throw new ConfigError(`the secret from ${file ?? "the environment"} holds characters that no key has`);
  }
  return new Secret(text);
}

async function readSecretFile(file: string, tell: (warning: string) => void): Promise<string> {
  const [text, mode] = await Promise.all([readFile(file, "utf8"), findLooseMode(file)]).catch((error: unknown) => {
    throw new ConfigError(`cannot read the file of a secret: ${file}`, { cause: error });
  });
  if (mode !== undefined)
    tell(`others than its owner may use the file of a secret (mode ${mode}): ${file}; chmod 600 it`);
  return text;
}
