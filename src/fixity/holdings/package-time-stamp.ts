import { toIsoInstant } from "../../core/clock.ts";
import { SIGNED_MANIFEST_NAME, TIME_STAMP_NAME } from "../../packaging/package-layout.ts";
import { type VerifiedTimestamp, verifyTimestamp } from "../../timestamp/verify-timestamp.ts";
import { type PackageCheck, type PackageGrounds, toFindingOf } from "./package-check.ts";
import { type ReadPackageFile, readPackageFile } from "./read-package-file.ts";

/**
 * Checks the time stamp over the tag manifest. Without certificates that are trusted, what it says is what anybody can have
 * written, and that is said.
 *
 * @param manifest - The tag manifest as it was read.
 */
export async function checkTimeStamp(manifest: ReadPackageFile, grounds: PackageGrounds): Promise<PackageCheck> {
  const { files, descriptor, trust } = grounds;
  const toFinding = toFindingOf(files, TIME_STAMP_NAME);
  if (descriptor.timeStamp === null) {
    const remarks = ["no time stamp: that the package was made on the day that it states is its maker's word"];
    if (trust.certificates === undefined) return { facts: { status: "not-stamped" }, remarks, findings: [] };
    const message = "the package has no time stamp, and certificates were given to which it must lead";
    return { facts: { status: "not-stamped" }, remarks, findings: [toFinding("signature-invalid", message)] };
  }
  const verdict = await verify(manifest, grounds);
  if ("problem" in verdict) {
    const findings = [toFinding("signature-invalid", `no time stamp of this package: ${verdict.problem}`)];
    return { facts: { status: "invalid", problem: verdict.problem }, remarks: [], findings };
  }
  const { timeMs, tsa, chain, remarks } = verdict;
  const facts = { status: "valid", time: toIsoInstant(timeMs), authority: tsa, chain };
  return { facts, remarks: [toWords(verdict), ...remarks], findings: [] };
}

async function verify(
  manifest: ReadPackageFile,
  { files, trust }: PackageGrounds,
): Promise<VerifiedTimestamp | { readonly problem: string }> {
  const response = await readPackageFile(files, TIME_STAMP_NAME);
  if ("problem" in response) return response;
  if ("problem" in manifest) return { problem: `of ${SIGNED_MANIFEST_NAME}: ${manifest.problem}` };
  return verifyTimestamp(response.bytes, manifest.bytes, { trusted: trust.certificates, nowMs: trust.nowMs });
}

function toWords({ timeMs, tsa, chain }: VerifiedTimestamp): string {
  const stamped = `time stamp: ${SIGNED_MANIFEST_NAME}, and so every file that is as listed, was there at ${toIsoInstant(timeMs)}`;
  // The name is a stranger's, and may have line ends in it.
  const name = JSON.stringify(tsa);
  return chain === "verified"
    ? `${stamped}, says ${name}, whose certificates lead to one that was given`
    : `${stamped}, if ${name} can be believed: its certificates were not followed, and anybody can have written them; --tsa-ca names whom you trust`;
}
