import {
  ALLOWED_SIGNERS_NAME,
  CHECKPOINT_NAME,
  CUSTODY_NAME,
  LISTENING_FOLDER,
  ORIGINALS_FOLDER,
  PREMIS_NAME,
  RECORDS_FOLDER,
  REVIEW_PAGE_NAME,
  SIGNATURE_NAME,
  SIGNED_MANIFEST_NAME,
  TIME_STAMP_NAME,
} from "../packaging/package-layout.ts";
import type { PackageDescriptor } from "../packaging/schema.ts";

interface ReadmeFacts {
  readonly descriptor: PackageDescriptor;
  readonly hasCopies: boolean;
}

/**
 * Writes the text that tells a person who has never heard of this program what the package is, and how to check it in three
 * ways. Lines end in CR LF, for the editors that come with Windows.
 */
export function toReadmeText(descriptor: PackageDescriptor, { hasCopies }: { readonly hasCopies: boolean }): string {
  const facts = { descriptor, hasCopies };
  const paragraphs = [toHeading(facts), toContents(facts), PAGE, toTools(facts), PROGRAM, toLimits(facts)];
  return `${paragraphs.join("\n\n\n")}\n`.replaceAll("\n", "\r\n");
}

function toHeading({ descriptor }: ReadmeFacts): string {
  const { case: name, organisation, madeOn, madeBy, tool, counts } = descriptor;
  return [
    `CALL RECORDINGS FOR ${toLine(name)}`,
    "",
    ...(organisation === null ? [] : [`From:     ${toLine(organisation)}`]),
    `Made on:  ${madeOn} (UTC) by ${toLine(madeBy)}, with Holdfast ${tool.version}`,
    `Contents: ${counts.originals} ${counts.originals === 1 ? "file" : "files"}, ${counts.originalBytes} bytes`,
    "",
    "This folder is a BagIt bag (RFC 8493): every file in it is listed with its digest,",
    "so that anybody can tell whether it is complete and unchanged. Open",
    `${REVIEW_PAGE_NAME} in a browser to see and hear what is in it.`,
  ].join("\n");
}

function toContents({ descriptor, hasCopies }: ReadmeFacts): string {
  const rows: readonly (readonly [string, string] | false)[] = [
    [`${ORIGINALS_FOLDER}/`, "the originals, byte for byte; they are the evidence"],
    hasCopies && [`${LISTENING_FOLDER}/`, "copies for listening, each with a record of how it was made"],
    descriptor.archiveId !== null && [`${RECORDS_FOLDER}/`, "what the archive knows of each recording"],
    descriptor.ledger !== null && [CUSTODY_NAME, "what was done with each recording, with proofs"],
    descriptor.ledger !== null && [CHECKPOINT_NAME, "the signed head of the archive's ledger, for those proofs"],
    [PREMIS_NAME, "what is known of each file, as archives write it down (PREMIS 3.0)"],
    descriptor.loadFile !== null && [descriptor.loadFile.file, "a load file for review platforms"],
    ["manifest-sha256.txt, manifest-sha512.txt", "the digests of everything in data/"],
    ["tagmanifest-sha256.txt, tagmanifest-sha512.txt", "the digests of everything else"],
  ];
  const shown = rows.filter((row) => row !== false);
  return ["WHAT IS IN IT", "", ...shown.flatMap(([name, what]) => [`${name}`, `    ${what}`])].join("\n");
}

const PAGE = `FIRST WAY TO CHECK IT: THE PAGE

Open ${REVIEW_PAGE_NAME} in a browser and drop this whole folder on
"Check this package". Nothing leaves your computer. Every file is read and held
against its digest. The page does not check signature and time stamp.`;

function toTools({ descriptor: { signature, timeStamp } }: ReadmeFacts): string {
  return [
    "SECOND WAY: PROGRAMS THAT YOU HAVE, OR ANYBODY ELSE'S",
    "",
    "In this folder, on Linux or in Git Bash on Windows (on a Mac: shasum -a 256 -c):",
    "",
    "    sha256sum -c tagmanifest-sha256.txt",
    "    sha256sum -c manifest-sha256.txt",
    "",
    "The first holds the lists themselves against their digests, the second the recordings.",
    "Neither notices files that were added. A BagIt validator does in data/ alone; the page",
    "and Holdfast do everywhere.",
    "",
    ...(signature === null ? ["The package was not signed."] : toSignatureLines(signature)),
    "",
    ...(timeStamp === null ? ["No time stamp was asked for."] : toTimeStampLines(timeStamp)),
  ].join("\n");
}

function toSignatureLines({
  identity,
  namespace,
  fingerprint,
}: NonNullable<PackageDescriptor["signature"]>): readonly string[] {
  return [
    "The package is signed. With OpenSSH 8.1 or newer:",
    "",
    `    ssh-keygen -Y verify -f ${ALLOWED_SIGNERS_NAME} -I ${identity} -n ${namespace} \\`,
    `        -s ${SIGNATURE_NAME} < ${SIGNED_MANIFEST_NAME}`,
    "",
    "If the two commands above found nothing wrong, it shows that all that they listed was",
    "signed with the key whose fingerprint is",
    "",
    `    ${fingerprint}`,
    "",
    "The key lies in the package itself. Whether it is the sender's, ask the sender in",
    "another way than by which the package came.",
  ];
}

function toTimeStampLines({ authority }: NonNullable<PackageDescriptor["timeStamp"]>): readonly string[] {
  return [
    `An authority for time stamps (${toLine(authority)}) says when the package was there (RFC 3161).`,
    "With OpenSSL, and the authority's root certificate from the authority itself:",
    "",
    `    openssl ts -verify -data ${SIGNED_MANIFEST_NAME} \\`,
    `        -in ${TIME_STAMP_NAME} -CAfile root.pem`,
    "",
    `    openssl ts -reply -in ${TIME_STAMP_NAME} -text`,
    "",
    "The second shows the time. When the authority's certificate has expired, the first",
    "needs -attime with that time.",
  ];
}

const PROGRAM = `THIRD WAY: HOLDFAST

    holdfast verify FOLDER

checks all of this: digests, files that were added, signature, time stamp, the proofs
of custody, the load file. With --level structure it reads the audio as well. It tells
what it could not check.`;

function toLimits({ descriptor: { signature } }: ReadmeFacts): string {
  const lines = [
    "WHAT THIS DOES NOT SHOW",
    "",
    "Digests show that nothing was changed since the lists were made. Whoever can change",
    "the files can make new lists, and a new page: what was changed on purpose is found by",
    "a signature whose key you know, by a time stamp from before the change, or by comparing",
    `the digest of ${SIGNED_MANIFEST_NAME} with the one that the sender tells you:`,
    "",
    `    sha256sum ${SIGNED_MANIFEST_NAME}`,
    `    certutil -hashfile ${SIGNED_MANIFEST_NAME} SHA256        (on Windows)`,
  ];
  const unsigned = ["", "This package was not signed: ask the sender for that digest."];
  return [...lines, ...(signature === null ? unsigned : [])].join("\n");
}

/** What comes from outside stays on its line, and shows what it is made of. */
function toLine(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
