import { isHoldfastError } from "../../core/errors.ts";
import type { LoadFileRow } from "../../loadfile/fields.ts";
import { LOAD_FILE_PROFILES } from "../../loadfile/profiles.ts";
import { readLoadFile } from "../../loadfile/read-load-file.ts";
import { type PackageCheck, type PackageGrounds, toFindingOf } from "./package-check.ts";
import { isOriginal, type PackageContents } from "./package-contents.ts";
import type { RecordedContents } from "./recorded-contents.ts";

/** What the rows of a load file are held against. */
interface LoadFileGrounds {
  readonly contents: PackageContents;
  readonly recorded: RecordedContents;
}

/** A control number of ours has some ten characters; one in a load file may have any number. */
const MAX_EXAMPLE_LENGTH = 100;

/** A check that was not made, and the rows of what it would have read. */
const NOT_MADE: PackageCheck = { facts: { status: "none" }, remarks: [], findings: [] };

/**
 * Reads the load file again, strictly: it has as many rows as the descriptor says, and each names an original of the package
 * with its SHA-256 and size, no original twice and none left out, and the SHA-256 is that which the ledger recorded. What else a row says is not checked.
 */
export async function checkLoadFile(
  { files, descriptor: { loadFile } }: PackageGrounds,
  known: LoadFileGrounds,
): Promise<PackageCheck> {
  if (loadFile === null) return NOT_MADE;
  const toFinding = toFindingOf(files, loadFile.file);
  // The name comes from the package, and may lead out of it.
  if (!files.regular.has(loadFile.file)) {
    return {
      facts: { status: "missing" },
      remarks: [],
      findings: [toFinding("missing", "the load file is not there")],
    };
  }
  const problems = new RowProblems(known);
  const profile = LOAD_FILE_PROFILES.find((known) => known === loadFile.profile);
  if (profile === undefined) {
    const message = `its profile is not known here, so that it was not read: ${JSON.stringify(loadFile.profile)}`;
    return { facts: { status: "not-checked" }, remarks: [], findings: [toFinding("checksum-unverifiable", message)] };
  }
  try {
    for await (const row of readLoadFile(files.chunks(loadFile.file), profile)) problems.take(row);
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    const findings = [toFinding("manifest-invalid", `the load file cannot be read: ${error.message}`)];
    return { facts: { status: "invalid", rows: problems.rows }, remarks: [], findings };
  }
  const told = [...problems.end(loadFile.rows)];
  const findings = told.map((message) => toFinding("manifest-invalid", message));
  const remarks = [
    `load file: ${problems.rows} rows read; of each, path, size and SHA-256 of the original were compared`,
  ];
  return { facts: { status: told.length === 0 ? "valid" : "invalid", rows: problems.rows }, remarks, findings };
}

/** Gathers what does not fit, one sentence for each way in which it does not. */
class RowProblems {
  rows = 0;
  readonly #known: LoadFileGrounds;
  readonly #named = new Set<string>();
  readonly #found = new Map<string, { readonly example: string; count: number }>();

  constructor(known: LoadFileGrounds) {
    this.#known = known;
  }

  take({ BEGBATES, NATIVEPATH, SHA256, FILESIZE, RECORDINGID }: LoadFileRow): void {
    this.rows += 1;
    // Review platforms on Windows want backslashes, which no name in a package has.
    const path = NATIVEPATH.replaceAll("\\", "/");
    const file = this.#known.contents.files.get(path);
    if (file === undefined || !isOriginal(path)) {
      this.#tell("name no original of the package", BEGBATES);
      return;
    }
    if (this.#named.has(path)) this.#tell("name an original that another row names", BEGBATES);
    this.#named.add(path);
    if (SHA256 !== file.sha256) this.#tell("have another SHA-256 than the manifest", BEGBATES);
    if (file.sizeBytes !== undefined && FILESIZE !== String(file.sizeBytes)) {
      this.#tell("have another size than the file", BEGBATES);
    }
    const recorded = this.#known.recorded.originalOf(RECORDINGID);
    if (recorded !== undefined && recorded !== SHA256) {
      this.#tell("have another SHA-256 than the ledger recorded of their recording", BEGBATES);
    }
  }

  *end(expectedRows: number): Generator<string> {
    if (this.rows !== expectedRows) yield `it has ${this.rows} rows, and the package says ${expectedRows}`;
    const left = [...this.#known.contents.files.keys()].filter((path) => isOriginal(path) && !this.#named.has(path));
    if (left.length > 0) yield `originals that no row names: ${left.length}, such as ${JSON.stringify(left[0])}`;
    for (const [what, { example, count }] of this.#found) {
      yield `rows that ${what}: ${count}, such as ${JSON.stringify(example.slice(0, MAX_EXAMPLE_LENGTH))}`;
    }
  }

  #tell(what: string, example: string): void {
    const found = this.#found.get(what);
    if (found === undefined) this.#found.set(what, { example, count: 1 });
    else found.count += 1;
  }
}
