import { readFile } from "node:fs/promises";
import { Secret } from "../core/secret.ts";
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
 * Loads a secret; surrounding white space does not count.
 *
 * @returns undefined when neither is given.
 * @throws {ConfigError} the file cannot be read or holds nothing, or the secret is not printable ASCII.
 */
export async function loadSecret({ file, value }: SecretSource): Promise<Secret | undefined> {
  const text = (file === undefined ? value : await readSecretFile(file))?.trim();
  if (text === undefined || text === "") {
    if (file === undefined) return undefined;
    throw new ConfigError(`the file holds no secret: ${file}`);
  }
  if (!PRINTABLE_ASCII.test(text)) {
    throw new ConfigError(`the secret from ${file ?? "the environment"} holds characters that no key has`);
  }
  return new Secret(text);
}

async function readSecretFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ConfigError(`cannot read the file of a secret: ${file}`, { cause: error });
  }
}
