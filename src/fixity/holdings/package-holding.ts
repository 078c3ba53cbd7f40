import { createHash } from "node:crypto";
import type { Finding } from "../../core/finding.ts";
import { DESCRIPTOR_NAME, SIGNED_MANIFEST_NAME } from "../../packaging/package-layout.ts";
import type { Holding, PackageFacts, Stray, Unit, UnitOutcome } from "../holding.ts";
import type { BagFiles } from "./bag-files.ts";
import { type PackageCheck, type PackageGrounds, toFindingOf } from "./package-check.ts";
import { isOriginal, PackageContents } from "./package-contents.ts";
import { findUncovered } from "./package-coverage.ts";
import { checkCustody } from "./package-custody.ts";
import { readDescriptor } from "./package-descriptor.ts";
import { checkLoadFile } from "./package-load-file.ts";
import { checkSignature } from "./package-signature.ts";
import { checkTimeStamp } from "./package-time-stamp.ts";
import type { PackageTrust } from "./package-trust.ts";
import { readPackageFile } from "./read-package-file.ts";

/**
 * Makes of a bag a legal-hold package: one that says of itself what was signed, stamped and taken out of a ledger. Signature
 * and time stamp are checked now, custody and load file when all files were looked at.
 */
export async function toPackageHolding(bag: Holding, files: BagFiles, trust: PackageTrust): Promise<Holding> {
  const descriptor = await readDescriptor(files);
  if ("problem" in descriptor) return toUnknown(bag, files, descriptor.problem);
  const grounds = { files, descriptor, trust };
  const manifest = await readPackageFile(files, SIGNED_MANIFEST_NAME);
  return new PackageHolding({
    bag,
    grounds,
    tagManifestSha256: "problem" in manifest ? null : createHash("sha256").update(manifest.bytes).digest("hex"),
    uncovered: findUncovered(manifest, grounds),
    signature: await checkSignature(manifest, grounds),
    timeStamp: await checkTimeStamp(manifest, grounds),
  });
}

/** Nothing but the bag can be checked then. */
function toUnknown(bag: Holding, files: BagFiles, problem: string): Holding {
  const message = `what the package says of itself cannot be read, and neither signature, time stamp, custody nor load file was checked: ${problem}`;
  const finding = toFindingOf(files, DESCRIPTOR_NAME)("manifest-invalid", message);
  const { location, remarks, planned } = bag;
  return {
    ...{ noun: NOUN, location, remarks, planned, findings: [...bag.findings, finding] },
    units: () => bag.units(),
    strays: () => straysOf(bag),
    isReachable: () => bag.isReachable(),
    note: async (outcomes) => bag.note?.(outcomes),
    conclude: async () => (await bag.conclude?.()) ?? [],
    packages: () => [],
  };
}

const NOUN = "legal-hold package";
const NOT_CHECKED: PackageCheck = { facts: { status: "not-checked" }, remarks: [], findings: [] };
const EARLY_END = "custody and load file: not checked, for the run ended before all files were looked at";
const ONLY_BYTES =
  "of premis.xml, the review page and README.txt the bytes were compared with the manifests; what they say was not checked";

/** What is known of a package when it has been opened. */
interface OpenedPackage {
  readonly bag: Holding;
  readonly grounds: PackageGrounds;
  /** Stands for all of the package; null where there is none. */
  readonly tagManifestSha256: string | null;
  readonly uncovered: readonly Finding[];
  readonly signature: PackageCheck;
  readonly timeStamp: PackageCheck;
}

/** A bag whose files are looked at as those of any other, with what a package has beside. */
class PackageHolding implements Holding {
  readonly noun = NOUN;
  readonly location: string;
  readonly findings: readonly Finding[];
  readonly planned: Holding["planned"];
  readonly #opened: OpenedPackage;
  readonly #contents: PackageContents;
  /** How many originals came with defects. */
  #defective = 0;
  /** Undefined until all files were looked at. */
  #late: { readonly custody: PackageCheck; readonly loadFile: PackageCheck } | undefined;

  constructor(opened: OpenedPackage) {
    const { bag, uncovered, signature, timeStamp } = opened;
    this.#opened = opened;
    this.#contents = new PackageContents(bag);
    this.location = bag.location;
    this.planned = bag.planned;
    this.findings = [...bag.findings, ...uncovered, ...signature.findings, ...timeStamp.findings];
  }

  /** What is known by now: ask again when the run has ended. */
  get remarks(): readonly string[] {
    const { bag, tagManifestSha256, signature, timeStamp } = this.#opened;
    const late = this.#late;
    return [
      ...bag.remarks,
      ...(tagManifestSha256 === null
        ? []
        : [
            `to compare with what the sender told you another way: sha256 of ${SIGNED_MANIFEST_NAME} is ${tagManifestSha256}`,
          ]),
      ...signature.remarks,
      ...timeStamp.remarks,
      ...(late === undefined ? [EARLY_END] : [...late.custody.remarks, ...late.loadFile.remarks]),
      ...(this.#defective === 0
        ? []
        : [`originals that came with defects, which the results name: ${this.#defective}`]),
      ONLY_BYTES,
    ];
  }

  async *units(): AsyncGenerator<Unit> {
    for await (const unit of this.#opened.bag.units()) {
      const path = this.#contents.take(unit);
      yield isOriginal(path) ? { ...unit, files: unit.files.map((file) => ({ ...file, isAsReceived: true })) } : unit;
    }
  }

  strays(): AsyncIterable<Stray> {
    return straysOf(this.#opened.bag);
  }

  isReachable(): Promise<boolean> {
    return this.#opened.bag.isReachable();
  }

  async note(outcomes: readonly UnitOutcome[]): Promise<void> {
    this.#contents.note(outcomes);
    this.#defective += outcomes.filter(({ unit, looks }) => isDefective(unit, looks)).length;
    await this.#opened.bag.note?.(outcomes);
  }

  async conclude(): Promise<readonly Finding[]> {
    const { bag, grounds } = this.#opened;
    const ofBag = (await bag.conclude?.()) ?? [];
    const custody = await checkCustody(grounds, this.#contents);
    const loadFile = await checkLoadFile(grounds, { contents: this.#contents, recorded: custody.recorded });
    this.#late = { custody, loadFile };
    return [...ofBag, ...this.#contents.compareCounts(grounds), ...custody.findings, ...loadFile.findings];
  }

  packages(): readonly PackageFacts[] {
    const { grounds, tagManifestSha256, signature, timeStamp } = this.#opened;
    const { custody, loadFile } = this.#late ?? { custody: NOT_CHECKED, loadFile: NOT_CHECKED };
    return [
      {
        location: this.location,
        case: grounds.descriptor.case,
        tagManifestSha256,
        signature: signature.facts,
        timeStamp: timeStamp.facts,
        custody: custody.facts,
        loadFile: loadFile.facts,
      },
    ];
  }
}

function isDefective({ files: [file] }: Unit, [look]: UnitOutcome["looks"]): boolean {
  return file?.isAsReceived === true && look?.kind === "regular" && (look.identity?.structure?.defects.length ?? 0) > 0;
}

async function* straysOf(bag: Holding): AsyncGenerator<Stray> {
  yield* bag.strays?.() ?? [];
}
