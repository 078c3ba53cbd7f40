import type { Finding } from "../core/finding.ts";
import type { PlanFailure } from "../core/run-log.ts";
import type { Secret } from "../core/secret.ts";
import { readLines } from "../io/read-lines.ts";
import { WebhookSignatureError } from "../vendor/errors.ts";
import { parseEventLine, type StoredEvent } from "../vendor/event-file.ts";

/** The events of a file, and the lines that are none. */
export interface EventFile {
  readonly events: readonly StoredEvent[];
  readonly failures: readonly PlanFailure[];
  /** Lines whose signature is not the secret's. */
  readonly findings: readonly Finding[];
}

/**
 * Reads a file of webhook events, one a line. A line that is no event, or whose signature is wrong, is told of
 * and left out: it must not stand in the way of the others.
 *
 * @param secret - Signatures are checked when it is given.
 * @throws {NotFoundError} there is no such file.
 */
export async function readEventFile(path: string, secret: Secret | undefined): Promise<EventFile> {
  const events: StoredEvent[] = [];
  const failures: PlanFailure[] = [];
  const findings: Finding[] = [];
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber += 1;
    if (line.trim() === "") continue;
    try {
      events.push(parseEventLine(line, { lineNumber, secret }));
    } catch (error) {
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
