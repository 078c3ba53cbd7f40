import type { Archive } from "../archive/archive.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { toAllowedSignersLine } from "../signing/allowed-signers-line.ts";
import type { SigningKey } from "../signing/signing-key.ts";
import { toSshSignature } from "../signing/ssh-signature.ts";

/** What a signature under a receipt is for, so that one made for another purpose does not count. */
export const RECEIPT_NAMESPACE = "holdfast-receipt";

/** Who gives a receipt. */
export interface Signatory {
  readonly actor: string;
  readonly key: SigningKey;
}

/** The files that a receipt is made of. */
export interface ReceiptFiles {
  readonly receipt: StorageKey;
  readonly signature: StorageKey;
  /** The line by which ssh-keygen takes the signature for the signatory's. */
  readonly allowedSigners: StorageKey;
}

/**
 * Signs a receipt and keeps it in the archive, beside it the signature and the line for `ssh-keygen -Y verify`. The receipt
 * itself comes last: where one stands, its signature does.
 *
 * @param name - Of the file, `….json`.
 * @throws {ConflictError} there is one of that name.
 * @throws {StorageFullError | StorageUnavailableError} it cannot be written.
 */
export async function storeSignedReceipt(
  archive: Pick<Archive, "storeReceipt">,
  { name, text }: { readonly name: string; readonly text: string },
  signatory: Signatory,
): Promise<ReceiptFiles> {
  const { actor: identity, key } = signatory;
  const signature = toSshSignature(Buffer.from(text), { key, namespace: RECEIPT_NAMESPACE });
  const allowed = toAllowedSignersLine({ identity, publicKey: key.publicKey, namespace: RECEIPT_NAMESPACE });
  return {
    allowedSigners: await archive.storeReceipt(`${name}.allowed_signers`, `${allowed}\n`),
    signature: await archive.storeReceipt(`${name}.sig`, signature),
    receipt: await archive.storeReceipt(name, text),
  };
}
