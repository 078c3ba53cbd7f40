import { dirname } from "node:path";
import { withFilePart } from "../io/file-part.ts";
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
  return withFilePart({ path, span: streamSpan, folder: dirname(output.staged.path) }, use);
}
