import { isPayloadPath } from "../../bag/bag-path.ts";
import { type Bag, readBag } from "../../bag/read-bag.ts";
import type { Finding } from "../../core/finding.ts";
import { loadPathKind } from "../../io/path-kind.ts";
import { ContainerInvalidError } from "../../packaging/errors.ts";
import type { Holding, Stray, Unit, UnitOutcome } from "../holding.ts";
import { type BagFiles, type OpenedBagFiles, openFolderBagFiles } from "./bag-files.ts";
import { toBrokenHolding } from "./broken-holding.ts";
import { openContainedBagFiles } from "./contained-bag-files.ts";

/** Adds what is to be checked of a bag beside its own rules; gives the holding as it is when there is nothing. */
export type AddChecks = (holding: Holding, files: BagFiles) => Promise<Holding>;

/**
 * Opens a BagIt bag of version 0.93 to 1.0, in a folder or as it lies in a zip or tar file: reads its tag files and lists what
 * is there. Nothing outside is touched, whatever the bag says, and nothing is fetched or unpacked.
 *
 * What violates the standard is a finding of the holding, what it advises against a remark; so is a container that is damaged.
 *
 * @throws {NotFoundError} there is nothing of that name.
 * @throws {ContainerUnsupportedError} the container holds something that is not stored as it is.
 * @throws {StorageUnavailableError} a tag file cannot be read.
 * @see RFC 8493
 */
export async function openBagHolding(path: string, addChecks: AddChecks = asItIs): Promise<Holding> {
  try {
    const isFolder = (await loadPathKind(path)) === "folder";
    const files = await (isFolder ? openFolderBagFiles : openContainedBagFiles)(path);
    return await addChecks(new BagHolding(files, await readBag(files)), files);
  } catch (error) {
    if (error instanceof ContainerInvalidError) return toBrokenHolding(path, error);
    throw error;
  }
}

async function asItIs(holding: Holding): Promise<Holding> {
  return holding;
}

class BagHolding implements Holding {
  readonly noun = "BagIt bag";
  readonly location: string;
  readonly findings: readonly Finding[];
  readonly remarks: readonly string[];
  readonly planned: Holding["planned"];
  readonly #files: OpenedBagFiles;
  readonly #bag: Bag;
  /** Of the payload files that were looked at; undefined as soon as one could not be. */
  #payload: { octets: bigint; streams: bigint } | undefined = { octets: 0n, streams: 0n };

  constructor(files: OpenedBagFiles, bag: Bag) {
    const { location, findings } = files;
    this.#files = files;
    this.#bag = bag;
    this.location = location;
    this.findings = [...bag.notes.flatMap((note) => toFinding(note, location)), ...findings];
    this.remarks = bag.notes
      .filter(({ grade }) => grade === "remark")
      .map(({ subject, message }) => `${subject}: ${message}`);
    this.planned = { files: bag.files.size, bytes: undefined };
  }

  async *units(): AsyncGenerator<Unit> {
    const { files, holes } = this.#bag;
    for (const { path, digests } of files.values()) {
      const fullPath = `${this.location}/${path}`;
      const within = this.#files.tryLocate(path);
      const file = { path: fullPath, within, sizeBytes: undefined, digests };
      const whenAbsent = holes.has(path) ? TO_FETCH : this.#files.other.has(path) ? NO_FILE : undefined;
      yield { subject: fullPath, files: [whenAbsent === undefined ? file : { ...file, whenAbsent }] };
    }
  }

  async *strays(): AsyncGenerator<Stray> {
    const { regular } = this.#files;
    for (const path of this.#bag.unlisted) {
      const within = this.#files.tryLocate(path);
      yield { path: `${this.location}/${path}`, within, isRegular: regular.has(path) };
    }
  }

  isReachable(): Promise<boolean> {
    return this.#files.isReachable();
  }

  async note(outcomes: readonly UnitOutcome[]): Promise<void> {
    for (const { unit, looks } of outcomes) {
      if (!isPayloadPath(unit.subject.slice(this.location.length + 1))) continue;
      const [look] = looks;
      if (look?.kind !== "regular") this.#payload = undefined;
      else if (this.#payload !== undefined) {
        this.#payload.octets += BigInt(look.trace.sizeBytes);
        this.#payload.streams += 1n;
      }
    }
  }

  async conclude(): Promise<readonly Finding[]> {
    return [...this.#comparePayload(), ...(await this.#files.conclude())];
  }

  /** A payload that is not all there, or has more than is listed, is told of file by file. */
  #comparePayload(): readonly Finding[] {
    const { unlisted, oxums, bagInfoName } = this.#bag;
    const payload = this.#payload;
    if (payload === undefined || unlisted.length > 0) return [];
    return oxums
      .filter(({ octets, streams }) => octets !== payload.octets || streams !== payload.streams)
      .map(({ octets, streams }) => {
        const [expected, found] = [`${octets}.${streams}`, `${payload.octets}.${payload.streams}`];
        const message = `its Payload-Oxum is ${expected}, and the payload has ${payload.octets} bytes in ${payload.streams} files`;
        const subject = `${this.location}/${bagInfoName}`;
        return { kind: "size-mismatch", subject, message, detail: { expected, found } };
      });
  }
}

const NO_FILE = "a link or a device stands in its place";
const TO_FETCH = "the file is not there: fetch.txt says that it must be fetched first";

function toFinding({ grade, subject, message }: Bag["notes"][number], root: string): readonly Finding[] {
  return grade === "remark" ? [] : [{ kind: grade, subject: `${root}/${subject}`, message, detail: {} }];
}
