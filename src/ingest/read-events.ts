import type { Finding } from "../core/finding.ts";
import type { PlanFailure } from "../core/run-log.ts";
import type { Secret } from "../core/secret.ts";
import { readLines } from "../io/read-lines.ts";
import { WebhookKindError, WebhookSignatureError } from "../vendor/errors.ts";
import { parseEventLine, type StoredEvent } from "../vendor/event-file.ts";

/** The events of a file, and the lines that are none. */
export interface EventFile {
  readonly events: readonly StoredEvent[];
  readonly failures: readonly PlanFailure[];
  /** Lines whose signature is not the secret's. */
  readonly findings: readonly Finding[];
}

/** Where lines come from, and what they are checked with. */
export interface EventLinesOptions {
  /** Names a line in reports, together with its number. */
  readonly path: string;
  /** The number of the line before the first. @default 0 */
  readonly linesBefore?: number;
  /** Signatures are checked when it is given. */
  readonly secret: Secret | undefined;
}

/**
 * Reads a file of webhook events, one a line.
 *
 * @param secret - Signatures are checked when it is given.
 * @throws {NotFoundError} there is no such file.
 */
export function readEventFile(path: string, secret: Secret | undefined): Promise<EventFile> {
  return readEventLines(readLines(path), { path, secret });
}

/**
 * Reads lines of webhook events. A line that is no event, or whose signature is wrong, is told of and left out: it must
 * not stand in the way of the others. Events of kinds that the vendor's page does not have are passed over: a receiver
 * keeps what else the vendor sends to the endpoint.
 */
export async function readEventLines(
  lines: Iterable<string> | AsyncIterable<string>,
  { path, linesBefore = 0, secret }: EventLinesOptions,
): Promise<EventFile> {
  const events: StoredEvent[] = [];
  const failures: PlanFailure[] = [];
  const findings: Finding[] = [];
  let lineNumber = linesBefore;
  for await (const line of lines) {
    lineNumber += 1;
    if (line.trim() === "") continue;
    try {
      events.push(parseEventLine(line, { lineNumber, secret }));
    } catch (error) {
      if (error instanceof WebhookKindError) continue;
      const subject = `${path}:${lineNumber}`;
      if (error instanceof WebhookSignatureError) findings.push(toSignatureFinding(subject));
      else failures.push({ subject, error });
    }
  }
  return { events, failures, findings };
}

function toSignatureFinding(subject: string): Finding {
  const message = "the signature does not match the secret, so what this line says does not count";
  return { kind: "signature-invalid", subject, message, detail: {} };
}
