import { hashesToAppend, type ReadHash } from "../../../../src/ledger/merkle/stored-hashes.ts";
import { hashLeaf } from "../../../../src/ledger/merkle/tree-hash.ts";

/** Keeps the hashes of a tree in memory, added leaf by leaf. */
export function storeTree(entries: readonly Uint8Array[]): { stored: readonly Buffer[]; read: ReadHash } {
  const stored: Buffer[] = [];
  const read = (index: number): Buffer => {
    const hash = stored[index];
    if (hash === undefined) throw new Error(`no hash is stored at ${index}`);
    return hash;
  };
  for (const [seq, entry] of entries.entries()) stored.push(...hashesToAppend(hashLeaf(entry), seq, read));
  return { stored, read };
}
