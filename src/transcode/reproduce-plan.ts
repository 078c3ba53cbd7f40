import { dirname, join, resolve } from "node:path";
import { SidecarInvalidError } from "../archive/errors.ts";
import { type Derivative, Sidecar } from "../archive/schema.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { UnsupportedMediaError } from "./errors.ts";
import { ConversionRecord } from "./schema.ts";

/** One conversion that is to be made again. */
export interface Reproduction {
  readonly sourcePath: string;
  /** The output that the record speaks of. It is not read: `verify` tells whether it is still what it was. */
  readonly outputPath: string;
  readonly derivative: Derivative;
}

/** A record has some kilobytes for each conversion, and more only where a recording has thousands of defects. */
const MAX_RECORD_BYTES = 16 * 1024 ** 2;

/**
 * Reads the conversions that a record tells of: the sidecar of a recording in an archive, or the record beside an output.
 *
 * @throws {SidecarInvalidError} it is neither, tells of no conversion, or is longer than any of the two can be.
 * @throws {UnsupportedMediaError} the original is encrypted.
 * @throws {NotFoundError} there is no such file.
 */
export async function planReproduction(recordPath: string): Promise<readonly Reproduction[]> {
  const bytes = await tryReadBoundedFile(recordPath, MAX_RECORD_BYTES);
  if (bytes === undefined)
    throw new SidecarInvalidError(`longer than the ${MAX_RECORD_BYTES} bytes of a record: ${recordPath}`);
  const json = tryParseJson(Buffer.from(bytes).toString("utf8"));
  const folder = dirname(recordPath);
  const { data: record } = ConversionRecord.safeParse(json);
  if (record !== undefined) {
    const { source, output } = record;
    return [{ sourcePath: resolve(folder, source.path), outputPath: join(folder, output.file), derivative: output }];
  }
  const { data: sidecar } = Sidecar.safeParse(json);
  if (sidecar === undefined)
    throw new SidecarInvalidError(`not a sidecar and not a record of a conversion: ${recordPath}`);
  if (sidecar.original.stored !== undefined) {
    throw new UnsupportedMediaError(`cannot reproduce what was made of an encrypted original: ${recordPath}`);
  }
  if (sidecar.derivatives.length === 0) throw new SidecarInvalidError(`nothing was converted yet: ${recordPath}`);
  return sidecar.derivatives.map((derivative) => ({
    sourcePath: join(folder, sidecar.original.file),
    outputPath: join(folder, derivative.file),
    derivative,
  }));
}
