import { dirname, relative } from "node:path";
import type { Derivative } from "../archive/schema.ts";
import { RECORD_SUFFIX } from "../core/record-name.ts";
import { tryParseJson } from "../core/try-parse-json.ts";
import { NotFoundError } from "../io/errors.ts";
import { tryReadBoundedFile } from "../io/read-bounded-file.ts";
import { CONVERSION_SCHEMA, ConversionRecord } from "./schema.ts";

/** One output's record takes a few thousand bytes. */
const MAX_RECORD_BYTES = 2 ** 20;

/** Where the record of an output stands. */
export function toRecordPath(outputPath: string): string {
  return `${outputPath}${RECORD_SUFFIX}`;
}

/** Writes a record the way it lies on disk: indented, so that a person can read it. */
export function toRecordText(
  recordPath: string,
  source: { path: string; sizeBytes: number },
  output: Derivative,
): string {
  const { path, sizeBytes } = source;
  const record: ConversionRecord = {
    schema: CONVERSION_SCHEMA,
    source: { path: relative(dirname(recordPath), path), sizeBytes },
    output,
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Reads the record of an output; undefined when there is none that can be read. */
export async function tryLoadRecord(outputPath: string): Promise<ConversionRecord | undefined> {
  try {
    const bytes = await tryReadBoundedFile(toRecordPath(outputPath), MAX_RECORD_BYTES);
    if (bytes === undefined) return undefined;
    return ConversionRecord.safeParse(tryParseJson(Buffer.from(bytes).toString("utf8"))).data;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
