import type { StagedOutput } from "./encode.ts";

/** Calls `use` and then removes whatever staged output did not get a name. */
export async function withStagedOutputs<T>(
  outputs: readonly { readonly staged: StagedOutput }[],
  use: () => Promise<T>,
): Promise<T> {
  try {
    return await use();
  } finally {
    for (const { staged } of outputs) await staged.discard();
  }
}
