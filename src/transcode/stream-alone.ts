import { dirname } from "node:path";
import { OWNER } from "../io/abandoned-files.ts";
import { readFileChunks } from "../io/read-file.ts";
import { StagedFile } from "../io/staged-file.ts";
import type { EncodableSource } from "./encode.ts";

/**
 * Calls `use` with a path where a source's stream can be read without the bytes around it that are neither audio nor tag.
 * ffmpeg would try to decode them, or take the file for another kind. Most files have none, and are read where they lie.
 */
export async function withStreamAlone<T>(
  path: string,
  { source, outputs }: Pick<EncodableSource, "source" | "outputs">,
  use: (streamPath: string) => Promise<T>,
): Promise<T> {
  const { streamSpan } = source.structure;
  const [output] = outputs;
  if (streamSpan === undefined || output === undefined) return use(path);
  const staged = new StagedFile(dirname(output.staged.path), `.stream.${OWNER}`);
  try {
    await staged.write(readFileChunks(path, undefined, streamSpan), () => undefined);
    return await use(staged.path);
  } finally {
    await staged.discard();
  }
}
