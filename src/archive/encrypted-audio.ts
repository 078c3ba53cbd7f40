import { createHash } from "node:crypto";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import { DigestMismatchError } from "../core/errors.ts";
import { type DataKey, makeDataKey } from "../encryption/data-key.ts";
import type { KeyProvider } from "../encryption/key-provider.ts";
import { decryptChunks, encryptChunks } from "../encryption/message.ts";
import { readFileChunks } from "../io/read-file.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { StagedObject, Storage } from "../storage/storage.ts";
import { KeyDestroyedError, KeyMissingError } from "./errors.ts";
import { markEncrypted } from "./marker.ts";
import type { Encryption, Sidecar, StoredAudio } from "./schema.ts";
import { type LocatedSidecar, toSiblingKey } from "./sidecar.ts";

/** What encrypting and decrypting needs. */
export interface EncryptedAudioPorts {
  readonly storage: Storage;
  readonly ledger: Pick<Ledger, "append">;
  readonly archiveId: string;
  /** Undefined: audio is stored in the clear, unless the archive has encrypted audio already. */
  readonly keys: KeyProvider | undefined;
  /** Whether the archive has encrypted audio already. */
  readonly isMarked: boolean;
}

/** Audio on its way into the archive: the bytes, and the record that will stand for them. */
export interface NewAudio<A extends StoredAudio> {
  readonly staged: StagedObject;
  readonly audio: A;
}

/** Audio as it will lie on disk, and what the sidecar is to say of its key. */
export interface BytesForDisk<A extends StoredAudio> {
  readonly audio: readonly NewAudio<A>[];
  readonly encryption: Encryption | undefined;
}

/** The audio of an archive, encrypted on its way to the disk and decrypted on its way back where it is. */
export class EncryptedAudio {
  readonly #ports: EncryptedAudioPorts;
  readonly #told = new Map<string, Promise<unknown>>();
  #marked: Promise<void> | undefined;

  constructor(ports: EncryptedAudioPorts) {
    this.#ports = ports;
    if (ports.isMarked) this.#marked = Promise.resolve();
  }

  /** The operator's key that wraps the keys of recordings now. */
  get keyId(): string | undefined {
    return this.#ports.keys?.keyId;
  }

  /**
   * Calls `use` with staged audio as it is to lie on disk: encrypted when there is a key. What was staged in the clear is
   * discarded when `use` has settled well.
   *
   * @throws {KeyMissingError} the archive has encrypted audio, and there is no key for more.
   * @throws {KeyDestroyedError} the recording's key was destroyed.
   * @throws {DigestMismatchError} what is staged is not what its record says.
   */
  async withBytesForDisk<A extends StoredAudio, T>(
    sidecar: Sidecar,
    audio: readonly NewAudio<A>[],
    use: (bytes: BytesForDisk<A>) => Promise<T>,
  ): Promise<T> {
    const { keys } = this.#ports;
    if (audio.length === 0) return use({ audio, encryption: sidecar.encryption });
    if (keys === undefined) {
      if (this.#marked !== undefined) throw new KeyMissingError(sidecar.recordingId, "stored");
      return use({ audio, encryption: sidecar.encryption });
    }
    await this.#mark();
    const { dataKey, encryption } = await this.#toKey(sidecar, keys);
    const encrypted: NewAudio<A>[] = [];
    try {
      for (const one of audio) encrypted.push(await this.#encrypt(one, { sidecar, dataKey }));
      const result = await use({ audio: encrypted, encryption });
      for (const { staged } of audio) await staged.discard();
      return result;
    } finally {
      for (const { staged } of encrypted) await staged.discard();
    }
  }

  /** Reads an audio file; see `Archive.readAudio`. */
  read({ key, sidecar }: LocatedSidecar, audio: StoredAudio, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const chunks = this.#ports.storage.read(toSiblingKey(key, audio.file), signal);
    return audio.stored === undefined ? chunks : this.#decrypt(chunks, { sidecar, audio });
  }

  /** Calls `use` with a local path of an audio file in the clear; see `Archive.withPlainFile`. */
  async withPlainFile<T>(
    located: LocatedSidecar,
    audio: StoredAudio,
    { use, signal }: { readonly use: (path: string) => Promise<T>; readonly signal?: AbortSignal | undefined },
  ): Promise<T> {
    const { storage } = this.#ports;
    const key = toSiblingKey(located.key, audio.file);
    if (audio.stored === undefined) return storage.withLocalFile(key, use);
    const staged = storage.stage(`${audio.file}.plain`);
    try {
      const sha256 = createHash("sha256");
      await staged.write(this.read(located, audio, signal), (chunk) => sha256.update(chunk));
      assertDigest(`${storage.traits.location}/${key}`, audio.sha256, sha256.digest("hex"));
      return await use(staged.path);
    } finally {
      await staged.discard();
    }
  }

  /**
   * Wraps the key of a recording with the operator's key of now; undefined when it is already, or was destroyed.
   *
   * @throws {KeyMissingError} there is none.
   * @throws {KeyMismatchError} the key that it was wrapped with is not there.
   */
  async rewrap({ recordingId, encryption }: Sidecar): Promise<Encryption | undefined> {
    const { keys } = this.#ports;
    if (keys === undefined) throw new KeyMissingError(recordingId, "wrapped");
    if (encryption?.wrappedKey === undefined || encryption.keyId === keys.keyId) return undefined;
    const dataKey = await keys.unwrap(encryption.wrappedKey, encryption.keyId);
    return { format: encryption.format, keyId: keys.keyId, wrappedKey: await keys.wrap(dataKey) };
  }

  async *#decrypt(
    chunks: AsyncIterable<Uint8Array>,
    { sidecar, audio }: { readonly sidecar: Sidecar; readonly audio: StoredAudio },
  ): AsyncGenerator<Uint8Array> {
    const dataKey = await this.#open(sidecar);
    yield* decryptChunks(chunks, { dataKey, context: toContext(sidecar, audio) });
  }

  async #encrypt<A extends StoredAudio>(
    { staged: plain, audio }: NewAudio<A>,
    { sidecar, dataKey }: { readonly sidecar: Sidecar; readonly dataKey: DataKey },
  ): Promise<NewAudio<A>> {
    const staged = this.#ports.storage.stage(audio.file);
    const [plainHash, hash] = [createHash("sha256"), createHash("sha256")];
    let sizeBytes = 0;
    try {
      const chunks = tapChunks(readFileChunks(plain.path), (chunk) => plainHash.update(chunk));
      await staged.write(encryptChunks(chunks, { dataKey, context: toContext(sidecar, audio) }), (chunk) => {
        hash.update(chunk);
        sizeBytes += chunk.length;
      });
      assertDigest(audio.file, audio.sha256, plainHash.digest("hex"));
    } catch (error) {
      await staged.discard();
      throw error;
    }
    return { staged, audio: { ...audio, stored: { sizeBytes, sha256: parseSha256(hash.digest("hex")) } } };
  }

  /** Makes the key of a recording, or opens the one that it has. */
  async #toKey(sidecar: Sidecar, keys: KeyProvider): Promise<{ dataKey: DataKey; encryption: Encryption }> {
    const { encryption } = sidecar;
    if (encryption !== undefined) return { dataKey: await this.#open(sidecar), encryption };
    const dataKey = makeDataKey();
    const wrappedKey = await keys.wrap(dataKey);
    return { dataKey, encryption: { format: "aws-encryption-sdk/2", keyId: keys.keyId, wrappedKey } };
  }

  async #open({ recordingId, encryption }: Sidecar): Promise<DataKey> {
    const { keys } = this.#ports;
    if (encryption === undefined) throw new Error(`internal error: no key of the encrypted recording ${recordingId}`);
    const { keyId, wrappedKey } = encryption;
    if (wrappedKey === undefined) throw new KeyDestroyedError(recordingId);
    if (keys === undefined) throw new KeyMissingError(recordingId, "read");
    const dataKey = await keys.unwrap(wrappedKey, keyId);
    await this.#tellUsed(keyId, recordingId);
    return dataKey;
  }

  /** Once for each key; the ledger has it before anybody has what the key opens. */
  #tellUsed(keyId: string, recordingId: string): Promise<unknown> {
    const { ledger, archiveId } = this.#ports;
    const told =
      this.#told.get(keyId) ??
      ledger.append([{ type: "key-used", subject: archiveId, detail: { keyId, firstRecordingId: recordingId } }]);
    this.#told.set(keyId, told);
    return told;
  }

  /** Once there is encrypted audio, none is to be stored in the clear beside it because somebody forgot the key. */
  #mark(): Promise<void> {
    this.#marked ??= markEncrypted(this.#ports.storage);
    return this.#marked;
  }
}

/** What a file is, in the open and authenticated: neither of two can be put in the place of the other. */
function toContext({ recordingId }: Sidecar, { file }: StoredAudio): Readonly<Record<string, string>> {
  return { recording: recordingId, file };
}

async function* tapChunks(
  chunks: AsyncIterable<Uint8Array>,
  onChunk: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onChunk(chunk);
    yield chunk;
  }
}

function assertDigest(subject: string, expected: Sha256Hex, found: string): void {
  if (found !== expected) throw new DigestMismatchError({ subject, expected, found: parseSha256(found) });
}
