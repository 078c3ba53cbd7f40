import type { FileVerdict } from "./unit-inspection.ts";

/**
 * How many of the files that are ok were held against what: a recorded digest, a recorded size alone, their mere names where neither is
 * recorded or wanted, or nothing but themselves.
 */
export type VerifyGrounds = Readonly<Record<"digest" | "size" | "name" | "itself", number>>;

/** Tells what a file that is ok was held against. */
export function toGround({ expected, level }: FileVerdict): keyof VerifyGrounds {
  if (level === "presence") return expected.sizeBytes === undefined ? "name" : "size";
  return expected.isUnrecorded ? "itself" : "digest";
}
