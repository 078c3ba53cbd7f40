import { isPayloadPath, PAYLOAD_FOLDER } from "../../bag/bag-path.ts";
import { DECLARATION_NAME } from "../../bag/declaration.ts";
import { type Bag, type BagSource, readBag } from "../../bag/read-bag.ts";
import type { Finding } from "../../core/finding.ts";
import { toStorageError, toSystemCode } from "../../io/errors.ts";
import { isThere } from "../../io/is-there.ts";
import { tryReadBoundedFile } from "../../io/read-bounded-file.ts";
import { walkNames } from "../../io/walk-names.ts";
import type { Holding, Stray, Unit, UnitOutcome } from "../holding.ts";

/** A manifest of more has some million lines; a text of more does not fit a string. */
const MAX_TAG_FILE_BYTES = 256 << 20;

/**
 * Opens a BagIt bag of version 0.93 to 1.0: reads its tag files and lists its folder. Nothing outside the folder is touched,
 * whatever the bag says, and nothing is fetched.
 *
 * What violates the standard is a finding of the holding, what it advises against a remark.
 *
 * @throws {NotFoundError} there is no such folder.
 * @throws {StorageUnavailableError} a tag file cannot be read.
 * @see RFC 8493
 */
export async function openBagHolding(folder: string): Promise<Holding> {
  const root = folder.replace(/(?<=.)\/+$/, "");
  const { source, unreadable } = await listBag(root);
  return new BagHolding({ root, source, unreadable, bag: await readBag(source) });
}

interface ListedBag {
  readonly source: BagSource;
  /** Folders that cannot be listed. */
  readonly unreadable: readonly Finding[];
}

async function listBag(root: string): Promise<ListedBag> {
  const [regular, other] = [new Set<string>(), new Set<string>()];
  const unreadable: Finding[] = [];
  const onUnreadable = (path: string, error: unknown) => {
    if (path === root || toSystemCode(error) === undefined) throw toStorageError(path, error);
    const message = `the folder cannot be listed, so that it is not known what else it holds: ${toSystemCode(error)}`;
    unreadable.push({ kind: "unreadable", subject: path, message, detail: {} });
  };
  for await (const { path, isRegular } of walkNames(root, onUnreadable)) (isRegular ? regular : other).add(path);
  const source: BagSource = {
    regular,
    other,
    hasPayloadFolder:
      !other.has(PAYLOAD_FOLDER) && !regular.has(PAYLOAD_FOLDER) && (await isThere(`${root}/${PAYLOAD_FOLDER}`)),
    read: (name) => tryReadBoundedFile(`${root}/${name}`, MAX_TAG_FILE_BYTES),
  };
  return { source, unreadable };
}

interface OpenedBag extends ListedBag {
  readonly root: string;
  readonly bag: Bag;
}

class BagHolding implements Holding {
  readonly noun = "BagIt bag";
  readonly location: string;
  readonly findings: readonly Finding[];
  readonly remarks: readonly string[];
  readonly planned: Holding["planned"];
  readonly #opened: OpenedBag;
  /** Of the payload files that were looked at; undefined as soon as one could not be. */
  #payload: { octets: bigint; streams: bigint } | undefined = { octets: 0n, streams: 0n };

  constructor(opened: OpenedBag) {
    const { root, bag, unreadable } = opened;
    this.#opened = opened;
    this.location = root;
    this.findings = [...bag.notes.flatMap((note) => toFinding(note, root)), ...unreadable];
    this.remarks = bag.notes
      .filter(({ grade }) => grade === "remark")
      .map(({ subject, message }) => `${subject}: ${message}`);
    this.planned = { files: bag.files.size, bytes: undefined };
  }

  async *units(): AsyncGenerator<Unit> {
    const { root, bag } = this.#opened;
    for (const { path, digests } of bag.files.values()) {
      const fullPath = `${root}/${path}`;
      const file = { path: fullPath, sizeBytes: undefined, digests };
      yield { subject: fullPath, files: [bag.holes.has(path) ? { ...file, whenAbsent: TO_FETCH } : file] };
    }
  }

  async *strays(): AsyncGenerator<Stray> {
    const { root, bag, source } = this.#opened;
    for (const path of bag.unlisted) yield { path: `${root}/${path}`, isRegular: source.regular.has(path) };
  }

  isReachable(): Promise<boolean> {
    const { root, source } = this.#opened;
    return isThere(source.regular.has(DECLARATION_NAME) ? `${root}/${DECLARATION_NAME}` : root);
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

  /** A payload that is not all there, or has more than is listed, is told of file by file. */
  conclude(): readonly Finding[] {
    const { bag, root } = this.#opened;
    const payload = this.#payload;
    if (payload === undefined || bag.unlisted.length > 0) return [];
    return bag.oxums
      .filter(({ octets, streams }) => octets !== payload.octets || streams !== payload.streams)
      .map(({ octets, streams }) => {
        const [expected, found] = [`${octets}.${streams}`, `${payload.octets}.${payload.streams}`];
        const message = `its Payload-Oxum is ${expected}, and the payload has ${payload.octets} bytes in ${payload.streams} files`;
        return { kind: "size-mismatch", subject: `${root}/${bag.bagInfoName}`, message, detail: { expected, found } };
      });
  }
}

const TO_FETCH = "the file is not there: fetch.txt says that it must be fetched first";

function toFinding({ grade, subject, message }: Bag["notes"][number], root: string): readonly Finding[] {
  return grade === "remark" ? [] : [{ kind: grade, subject: `${root}/${subject}`, message, detail: {} }];
}
