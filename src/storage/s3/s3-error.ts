import { NotFoundError, StorageUnavailableError, toSystemCode } from "../../io/errors.ts";

/**
 * Translates what the AWS SDK throws about an object. Only the error's name or code is taken over: its message may repeat what
 * was sent. What is no failure of the account, the network or the server comes back as it is.
 *
 * @param location - As a person writes it.
 */
export function toS3Error(location: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "NoSuchKey") return new NotFoundError(`not found: ${location}`, { cause: error });
  const reason = toReason(error);
  if (reason === undefined) return error;
  return new StorageUnavailableError(`${reason} for ${location}`, { cause: error });
}

/** Names that say what is wrong where nothing was answered. */
const LOCAL_NAMES: readonly string[] = ["CredentialsProviderError", "TimeoutError", "AbortError"];

function toReason(error: Error): string | undefined {
  const code = toSystemCode(error);
  if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) return code;
  if (LOCAL_NAMES.includes(error.name)) return error.name;
  if (!("$metadata" in error)) return undefined;
  return /^\w+$/.test(error.name) ? error.name : "an error";
}
