/** How closely a file is looked at: that it is there with its size, its digest, and the structure of its audio. */
export const VERIFY_LEVELS = ["presence", "digest", "structure"] as const;
export type VerifyLevel = (typeof VERIFY_LEVELS)[number];
