import { PAYLOAD_FOLDER } from "../../bag/bag-path.ts";
import type { Finding } from "../../core/finding.ts";
import { NotFoundError, StorageUnavailableError } from "../../io/errors.ts";
import { loadFileVersion } from "../../io/file-version.ts";
import { isThere } from "../../io/is-there.ts";
import { type FileSpan, readFileChunks } from "../../io/read-file.ts";
import { toRealPath } from "../../io/real-path.ts";
import type { Contents } from "../../packaging/contents.ts";
import { listContainer } from "../../packaging/list-container.ts";
import { MAX_TAG_FILE_BYTES, type OpenedBagFiles } from "./bag-files.ts";

/**
 * Finds the files of a bag in a zip or tar file; nothing is unpacked.
 *
 * @throws {NotFoundError} there is no such file.
 * @throws {ContainerInvalidError} it is damaged, or made so that programs would find different things in it.
 * @throws {ContainerUnsupportedError} there is something in it that is not stored as it is.
 * @throws {StorageUnavailableError} it cannot be read.
 */
export async function openContainedBagFiles(path: string): Promise<OpenedBagFiles> {
  // What reads it follows no links.
  const realPath = await toRealPath(path);
  const version = await loadFileVersion(realPath);
  const contents = await listContainer(path);
  const { files, folders, others } = contents;
  const tryLocate = (name: string): FileSpan | undefined => {
    const file = files.get(name);
    return file && { path: realPath, startByte: file.startByte, endByte: file.endByte };
  };
  const chunks = (name: string, signal?: AbortSignal) => readSpan(`${path}/${name}`, tryLocate(name), signal);
  return {
    location: path,
    regular: new Set(files.keys()),
    other: others,
    hasPayloadFolder: [...folders, ...files.keys()].some((name) => `${name}/`.startsWith(`${PAYLOAD_FOLDER}/`)),
    findings: contents.notes.map((note) => toFinding(note, path)),
    chunks,
    read: async (name) => {
      const { startByte = 0, endByte = 0 } = tryLocate(name) ?? {};
      if (endByte - startByte > MAX_TAG_FILE_BYTES) return undefined;
      const pieces: Uint8Array[] = [];
      for await (const chunk of chunks(name)) pieces.push(Uint8Array.from(chunk));
      return Buffer.concat(pieces);
    },
    tryLocate,
    isReachable: () => isThere(realPath),
    conclude: async () => ((await loadFileVersion(realPath)) === version ? [] : [toChanged(path)]),
  };
}

async function* readSpan(
  name: string,
  span: FileSpan | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (span === undefined) throw new NotFoundError(`not found: ${name}`);
  let leftBytes = span.endByte - span.startByte;
  for await (const chunk of readFileChunks(span.path, signal, span)) {
    leftBytes -= chunk.length;
    yield chunk;
  }
  if (leftBytes > 0) throw new StorageUnavailableError(`was cut short while it was read: ${name}`);
}

function toFinding({ kind, name, message }: Contents["notes"][number], path: string): Finding {
  return { kind, subject: name === undefined ? path : `${path}: ${name}`, message, detail: {} };
}

function toChanged(path: string): Finding {
  const message =
    "it changed while it was verified: what was said of its files may not be true of those that it has now";
  return { kind: "unreadable", subject: path, message, detail: {} };
}
