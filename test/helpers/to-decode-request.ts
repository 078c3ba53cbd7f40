import { identify, toHeaderless } from "../../src/audio/identify.ts";
import type { DecodeRequest } from "../../src/fixity/deep/decoding.ts";
import { lookAtFile } from "../../src/io/look-at-file.ts";
import { readFileChunks } from "../../src/io/read-file.ts";

/** Reads a file through, as verification does before it has it decoded. */
export async function toDecodeRequest(path: string): Promise<DecodeRequest> {
  const identity = await identify(readFileChunks(path), { headerless: toHeaderless(path) });
  const sight = lookAtFile(path);
  if (sight.kind !== "regular") throw new Error(`no file: ${path}`);
  return { path, identity, trace: sight.trace };
}
