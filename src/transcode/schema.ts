import { z } from "zod";
import { Derivative } from "../archive/schema.ts";

/** The name and version of the record's form. */
export const CONVERSION_SCHEMA = "holdfast.conversion/1";

/** The record of one conversion outside an archive; it stands beside the output. */
export const ConversionRecord = z.strictObject({
  schema: z.literal(CONVERSION_SCHEMA),
  /** The source, as seen from the record's folder, so that both can move together. */
  source: z.strictObject({
    path: z.string().refine((path) => !path.includes("\0")),
    sizeBytes: z.number().int().nonnegative(),
  }),
  output: Derivative,
});
export type ConversionRecord = z.infer<typeof ConversionRecord>;
