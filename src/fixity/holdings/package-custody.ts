import { isHoldfastError } from "../../core/errors.ts";
import type { Finding } from "../../core/finding.ts";
import { type CustodyVerification, verifyCustody } from "../../ledger/verify-custody.ts";
import { CHECKPOINT_NAME, CUSTODY_NAME, DESCRIPTOR_NAME, RECORDS_FOLDER } from "../../packaging/package-layout.ts";
import { tryParseVerifierKey } from "../../signing/verifier-key.ts";
import { type PackageCheck, type PackageGrounds, toFindingOf } from "./package-check.ts";
import type { PackageContents } from "./package-contents.ts";
import { readPackageFile } from "./read-package-file.ts";
import { RecordedContents } from "./recorded-contents.ts";

/** What the custody came to, and what the ledger recorded of each recording. */
export interface CustodyCheck extends PackageCheck {
  readonly recorded: RecordedContents;
}

/**
 * Checks that each event of the custody is in the ledger of the checkpoint, that the checkpoint is signed, and that originals
 * and records are those whose digests the ledger recorded last. That no event was left out between them, nothing shows.
 */
export async function checkCustody(grounds: PackageGrounds, contents: PackageContents): Promise<CustodyCheck> {
  const { files, descriptor } = grounds;
  const recorded = new RecordedContents();
  const { ledger } = descriptor;
  if (ledger === null) return { ...checkAbsence(grounds, contents), recorded };
  const verification = await tryVerify(grounds, ledger.verifierKey, recorded);
  if ("problem" in verification) {
    const toFinding = toFindingOf(files, CUSTODY_NAME);
    const findings = [toFinding("ledger-broken", `the custody was not checked: ${verification.problem}`)];
    return { facts: { status: "invalid", problem: verification.problem }, remarks: [], findings, recorded };
  }
  const findings = [
    ...verification.findings,
    ...compareStated(verification, grounds),
    ...recorded.compare(contents, files.location),
  ];
  const unrecorded = recorded.findUnrecorded(contents);
  const facts = {
    ...toFacts(verification, ledger.verifierKey, grounds),
    unrecordedOriginals: unrecorded.length,
  };
  const isValid = findings.length === 0;
  const remarks = [...(isValid ? [toWords(facts, recorded)] : []), ...toUnrecordedWords(unrecorded)];
  return { facts: { status: isValid ? "valid" : "invalid", ...facts }, remarks, findings, recorded };
}

/** Holds the word that nothing came from an archive against what is listed, and against what was asked for. */
function checkAbsence({ files, trust }: PackageGrounds, contents: PackageContents): PackageCheck {
  const findings: Finding[] = [];
  if (trust.ledgerKey !== undefined) {
    const message = "the package has no custody, and the key of a ledger was given that it must be of";
    findings.push(toFindingOf(files, CUSTODY_NAME)("signature-invalid", message));
  }
  const left = [...contents.files.keys()].filter(isOfArchive);
  if (left.length > 0) {
    const message = `it says that nothing in the package came from an archive, and there is what comes of one, of which nothing was checked: ${left.length} files, such as ${JSON.stringify(left[0])}`;
    findings.push(toFindingOf(files, DESCRIPTOR_NAME)("manifest-invalid", message));
  }
  const remarks = ["custody: none; that nothing in the package came from an archive is its own word"];
  return { facts: { status: left.length === 0 ? "none" : "invalid" }, remarks, findings };
}

/** Tells what a package has only if something in it came from an archive. */
function isOfArchive(path: string): boolean {
  return path === CUSTODY_NAME || path === CHECKPOINT_NAME || path.startsWith(`${RECORDS_FOLDER}/`);
}

async function tryVerify(
  { files, trust }: PackageGrounds,
  verifierKey: string,
  recorded: RecordedContents,
): Promise<CustodyVerification | { readonly problem: string }> {
  const checkpoint = await readPackageFile(files, CHECKPOINT_NAME);
  if ("problem" in checkpoint) return { problem: `of ${CHECKPOINT_NAME}: ${checkpoint.problem}` };
  if (!files.regular.has(CUSTODY_NAME)) return { problem: "it is not there" };
  const toPath = (name: string) => `${files.location}/${name}`;
  try {
    return await verifyCustody(files.chunks(CUSTODY_NAME), {
      path: toPath(CUSTODY_NAME),
      checkpoint: { path: toPath(CHECKPOINT_NAME), note: Buffer.from(checkpoint.bytes).toString("utf8") },
      publicKey: trust.ledgerKey,
      verifierKey,
      onEvent: (entry) => recorded.take(entry),
    });
  } catch (error) {
    if (isHoldfastError(error)) return { problem: error.message };
    throw error;
  }
}

/** What is signed by the package's key, but not by the ledger's: how many events there are, of how many. */
function compareStated(
  { checkpoint, events, withheld }: CustodyVerification,
  { files, descriptor }: PackageGrounds,
): readonly Finding[] {
  if (descriptor.ledger === null || checkpoint === undefined) return [];
  const stated = descriptor.ledger;
  const lines = events + withheld;
  const toFinding = toFindingOf(files, CUSTODY_NAME);
  const findings: Finding[] = [];
  if (lines !== stated.events) {
    const message = `it has ${lines} events that lead to the checkpoint, and the package says ${stated.events}`;
    findings.push(toFinding("ledger-broken", message, { expected: stated.events, found: lines }));
  }
  if (checkpoint.size !== stated.size) {
    const message = `its checkpoint is of ${checkpoint.size} events, and the package says ${stated.size}`;
    findings.push(toFinding("ledger-broken", message, { expected: stated.size, found: checkpoint.size }));
  }
  if (!checkpoint.origin.endsWith(`/${descriptor.archiveId}`)) {
    const message = `its checkpoint is of ${checkpoint.origin}, and the package says that it is of the archive ${descriptor.archiveId}`;
    findings.push(toFinding("ledger-broken", message));
  }
  return findings;
}

interface CustodyFacts {
  readonly events: number;
  readonly withheld: number;
  readonly ledgerSize: number;
  readonly key: "given" | "in-package";
  readonly fingerprint: string;
}

function toFacts(
  { events, withheld, checkpoint, trust }: CustodyVerification,
  verifierKey: string,
  grounds: PackageGrounds,
): CustodyFacts & Readonly<Record<string, string | number>> {
  const key = trust === "given-key" ? grounds.trust.ledgerKey : tryParseVerifierKey(verifierKey)?.publicKey;
  return {
    events,
    withheld,
    ledgerSize: checkpoint?.size ?? 0,
    key: trust === "given-key" ? "given" : "in-package",
    fingerprint: key?.toFingerprint() ?? "",
  };
}

function toWords({ events, withheld, ledgerSize, key, fingerprint }: CustodyFacts, recorded: RecordedContents): string {
  const proven = `custody: ${events} events of ${recorded.size} recordings, and ${withheld} whose words are withheld, are in the ledger of ${ledgerSize} events`;
  const whose =
    key === "given"
      ? "which was given"
      : "which lies in the package: --public-key names one that came to you another way";
  return `${proven}, whose head is signed by the key ${fingerprint}, ${whose}; that no event between them was left out, nothing here shows`;
}

/** Files that were never in an archive come so, and nothing but a signature tells them from what was put there. */
function toUnrecordedWords(paths: readonly string[]): readonly string[] {
  const [example] = paths;
  if (example === undefined) return [];
  return [
    `custody: originals of which it has no digest, so that the ledger speaks for none of them: ${paths.length}, such as ${JSON.stringify(example)}; files that were never in an archive come so, and so would what was put there`,
  ];
}
