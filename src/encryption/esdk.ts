import type { KeyObject } from "node:crypto";
import {
  AlgorithmSuiteIdentifier,
  NodeAlgorithmSuite,
  NodeDefaultCryptographicMaterialsManager,
} from "@aws-crypto/material-management-node";
import { RawAesKeyringNode, RawAesWrappingSuiteIdentifier } from "@aws-crypto/raw-aes-keyring-node";
import {
  aadFactory,
  type BodyHeader,
  deserializeFactory,
  type HeaderInfo,
  serializeFactory,
} from "@aws-crypto/serialize";

/*
 * The parts that the AWS Encryption SDK's own streams are made of. Those streams themselves end the process with an exception that
 * nobody can catch when they are broken off, or when a message that was changed is read on (5.0.2); so the frames are taken one
 * by one. Every byte and every key is still the SDK's.
 */

const toUtf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString("utf8");
const fromUtf8 = (text: string) => Buffer.from(text, "utf8");

/** Writes the parts of a message. */
export const serialize = serializeFactory(fromUtf8, { utf8Sorting: true });

/** The one suite that is used: AES-256-GCM, HKDF-SHA-512, the key committed to, no signature. */
export const SUITE = new NodeAlgorithmSuite(AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY);

/** Gives what makes and finds the key of a message, which stands in its header encrypted with the data key. */
export function toMaterials(dataKey: KeyObject): NodeDefaultCryptographicMaterialsManager {
  const keyring = new RawAesKeyringNode({
    keyNamespace: "holdfast",
    keyName: "data-key",
    unencryptedMasterKey: Uint8Array.from(dataKey.export()),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
    utf8Sorting: true,
  });
  return new NodeDefaultCryptographicMaterialsManager(keyring);
}

const { deserializeMessageHeader } = deserializeFactory(toUtf8, NodeAlgorithmSuite);

/** Reads the header at the beginning of a message; false when it is cut. More than one encrypted data key is refused. */
export function parseHeader(bytes: Uint8Array): HeaderInfo | false {
  // What it gives are views of what it is given, which is about to be overwritten.
  return deserializeMessageHeader(Uint8Array.from(bytes), { maxEncryptedDataKeys: 1 });
}

const { messageAAD, messageAADContentString } = aadFactory(fromUtf8);

/** Gives what is authenticated with a frame: whose it is, which, and how long. */
export function toFrameAad(
  messageId: Uint8Array,
  frame: Pick<BodyHeader, "contentType" | "isFinalFrame" | "sequenceNumber" | "contentLength">,
): Buffer {
  return Buffer.from(messageAAD(messageId, messageAADContentString(frame), frame.sequenceNumber, frame.contentLength));
}
