import type { Digest } from "../core/digest.ts";
import type { Finding } from "../core/finding.ts";
import type { CheckStatus, FileTrace } from "../core/verification.ts";
import type { Expected } from "./holding.ts";
import { toSizeWords } from "./identity-change.ts";
import type { Look, LookRequest } from "./look/look.ts";

/** A file that was there and could be looked at. */
export type RegularLook = Extract<Look, { readonly kind: "regular" }>;

/** What a look at one file comes to. */
export interface Judgement {
  readonly status: CheckStatus;
  /** Undefined when nothing is wrong. */
  readonly finding: Finding | undefined;
}

const OK: Judgement = { status: "ok", finding: undefined };

/**
 * Holds what was seen of a file against what is recorded of it. Pure.
 *
 * What changed in a file whose digest differs is for others to name: see `toIdentityChange`.
 */
export function judge(expected: Expected, request: LookRequest, look: Look): Judgement {
  switch (look.kind) {
    case "regular":
      return judgeRegular(expected, request, look);
    case "absent":
      return {
        status: "missing",
        finding: toFinding("missing", expected, expected.whenAbsent ?? "the file is not there"),
      };
    case "other":
      return { status: "missing", finding: toFinding("missing", expected, `a ${look.what} stands in its place`) };
    case "unreadable": {
      const message = `the file cannot be read: ${look.reason}`;
      return { status: "unreachable", finding: toFinding("unreadable", expected, message) };
    }
  }
}

function judgeRegular(expected: Expected, { algorithms }: LookRequest, look: RegularLook): Judgement {
  const { sizeBytes } = look.trace;
  const hasSize = expected.sizeBytes === undefined || expected.sizeBytes === sizeBytes;
  if (algorithms.length === 0) {
    return hasSize ? OK : { status: "damaged", finding: toWrongSize(expected, sizeBytes) };
  }
  for (const digest of expected.digests) {
    const found = look.digests[algorithms.indexOf(digest.algorithm)];
    if (found !== digest.hex) return { status: "damaged", finding: toWrongDigest(expected, digest, { look, found }) };
  }
  if (hasSize || expected.digests.length === 0) return OK;
  return { status: "damaged", finding: toContradiction(expected, sizeBytes) };
}

/** Tells whether the bytes of a file changed though no program wrote to it, as far as the file system knows. */
export function isBitRot({ trace }: Expected, found: FileTrace): boolean {
  if (trace === undefined) return false;
  return trace.sizeBytes === found.sizeBytes && trace.inode === found.inode && trace.modifiedNs === found.modifiedNs;
}

function toFinding(kind: Finding["kind"], { path }: Expected, message: string): Finding {
  return { kind, subject: path, message, detail: {} };
}

function toWrongSize({ path, sizeBytes }: Expected, found: number): Finding {
  const message = `the file has ${found} bytes instead of ${sizeBytes}`;
  return { kind: "size-mismatch", subject: path, message, detail: { expected: sizeBytes, found } };
}

/** A digest fits one number of bytes only: the file is what was recorded, and the record cannot be. */
function toContradiction(expected: Expected, found: number): Finding {
  const { message, ...finding } = toWrongSize(expected, found);
  return { ...finding, message: `${message}, though its digest is the recorded one: the record contradicts itself` };
}

function toWrongDigest(
  { path, sizeBytes }: Expected,
  { algorithm, hex }: Digest,
  { look, found }: { readonly look: RegularLook; readonly found: string | undefined },
): Finding {
  const message =
    sizeBytes === undefined
      ? "the bytes are not those that were recorded"
      : toSizeWords(sizeBytes, look.trace.sizeBytes);
  return { kind: "digest-mismatch", subject: path, message, detail: { algorithm, expected: hex, found } };
}
