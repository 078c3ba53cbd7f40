import { createSecretKey } from "node:crypto";
import { tryParseJson } from "../core/try-parse-json.ts";
import { type DataKey, KEY_BYTES } from "./data-key.ts";
import { KeyCommandError } from "./errors.ts";
import type { KeyProvider } from "./key-provider.ts";
import { type KeyCommand, type KeyCommandEnd, runKeyCommand } from "./run-key-command.ts";
import { KeyAnswer } from "./schema.ts";

/** How much of a complaint is told. */
const MAX_COMPLAINT_LENGTH = 300;

/** One thing that is asked of a key command. */
interface KeyRequest {
  readonly operation: "wrap" | "unwrap";
  readonly keyId: string;
  /** In base64: a data key to wrap, or what was wrapped. */
  readonly key: string;
}

/**
 * Lets a command of the operator's wrap and unwrap, so that the key can stay in a key service or a piece of hardware. The
 * command is started for each key, gets a {@link KeyRequest} as one line of JSON, and answers `{"key": BASE64}`; what it
 * wraps with, and into what, is its own affair, and so is to find out when what it unwraps was changed.
 */
export class CommandKeyProvider implements KeyProvider {
  readonly keyId: string;
  readonly #command: KeyCommand;

  /** @param keyId - What the command knows the key by. */
  constructor(command: KeyCommand, keyId: string) {
    this.#command = command;
    this.keyId = keyId;
  }

  wrap(dataKey: DataKey): Promise<string> {
    return this.#ask({ operation: "wrap", keyId: this.keyId, key: dataKey.export().toString("base64") });
  }

  async unwrap(wrapped: string, keyId: string): Promise<DataKey> {
    const key = Buffer.from(await this.#ask({ operation: "unwrap", keyId, key: wrapped }), "base64");
    if (key.length === KEY_BYTES) return createSecretKey(key);
    throw this.#toError(`answered ${key.length} bytes, which is no data key`);
  }

  async #ask(request: KeyRequest): Promise<string> {
    const end = await runKeyCommand(this.#command, JSON.stringify(request));
    if (end.exitCode !== 0) throw this.#toError(toVerdict(end, request));
    const answer = KeyAnswer.safeParse(tryParseJson(end.stdout));
    if (answer.success) return answer.data.key;
    // Neither the answer nor what is wrong with it is told: it may hold the key.
    throw this.#toError(`answered ${request.operation} with something else than {"key": BASE64}`);
  }

  #toError(what: string): KeyCommandError {
    return new KeyCommandError(`the key command ${this.#command.program} ${what}`);
  }
}

function toVerdict({ exitCode, signal, stderr }: KeyCommandEnd, { key }: KeyRequest): string {
  const verdict = signal === undefined ? `ended with status ${exitCode}` : `was ended by ${signal}`;
  const complaint = stderr.replaceAll(key, "[redacted]").trim().split("\n").at(-1) ?? "";
  return complaint === "" ? verdict : `${verdict}: ${complaint.slice(0, MAX_COMPLAINT_LENGTH)}`;
}
