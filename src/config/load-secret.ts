import { readFile } from "node:fs/promises";
import { Secret } from "../core/secret.ts";
import { ConfigError } from "./errors.ts";

/** Where a secret may come from: a file that is named, else a variable. */
export interface SecretSource {
  readonly file: string | undefined;
  /** The value of the variable. */
  readonly value: string | undefined;
}

/**
 * Loads a secret; surrounding white space does not count.
 *
 * @returns undefined when neither is given.
 * @throws {ConfigError} the file cannot be read, or holds nothing.
 */
export async function loadSecret({ file, value }: SecretSource): Promise<Secret | undefined> {
  if (file === undefined) return value === undefined || value.trim() === "" ? undefined : new Secret(value.trim());
  const text = await readSecretFile(file);
  if (text.trim() === "") throw new ConfigError(`the file holds no secret: ${file}`);
  return new Secret(text.trim());
}

async function readSecretFile(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new ConfigError(`cannot read the file of a secret: ${file}`, { cause: error });
  }
}
