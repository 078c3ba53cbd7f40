import { z } from "zod";

const Count = z.number().int().nonnegative();

/** The name and version of the descriptor's form. */
export const DESCRIPTOR_SCHEMA = "holdfast.export/1";

/** What a package says of itself. What is not there was not made, and cannot have been lost on the way. */
export const PackageDescriptor = z.object({
  schema: z.literal(DESCRIPTOR_SCHEMA),
  tool: z.object({ name: z.literal("holdfast"), version: z.string() }),
  case: z.string().min(1),
  organisation: z.string().nullable(),
  /** A day in UTC. */
  madeOn: z.iso.date(),
  madeBy: z.string(),
  /** Null where nothing of it came from an archive. */
  archiveId: z.string().nullable(),
  counts: z.object({
    recordings: Count,
    originals: Count,
    originalBytes: Count,
    durationSeconds: z.number().nonnegative(),
  }),
  /** Null where the package was not signed. */
  signature: z
    .object({
      file: z.string(),
      namespace: z.string(),
      identity: z.string(),
      publicKey: z.string(),
      fingerprint: z.string(),
    })
    .nullable(),
  /** Null where no time stamp was asked for. */
  timeStamp: z.object({ file: z.string(), authority: z.string() }).nullable(),
  /** Null where nothing of it came from an archive. */
  ledger: z
    .object({ custody: z.string(), checkpoint: z.string(), verifierKey: z.string(), size: Count, events: Count })
    .nullable(),
  /** Null where none was made. */
  loadFile: z.object({ file: z.string(), profile: z.string(), rows: Count }).nullable(),
});
export type PackageDescriptor = z.infer<typeof PackageDescriptor>;
