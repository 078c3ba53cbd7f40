import { GetObjectCommand, S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import type { StorageKey } from "../../core/storage-key.ts";
import { toS3Error } from "./s3-error.ts";
import type { S3Place } from "./s3-place.ts";

/** What an {@link S3Reader} needs beside the SDK's own settings. */
export interface S3ReaderOptions {
  /** How long a connection, or the next bytes of a body, may take. */
  readonly timeoutMs: number;
}

/** Where an account's settings name none; servers other than Amazon's take any. */
const DEFAULT_REGION = "us-east-1";

/**
 * Reads objects below a prefix of a bucket, in S3 or a server that speaks like it. Endpoint, region and credentials are those
 * that the AWS SDK finds: in `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL`, `AWS_REGION`, `AWS_ACCESS_KEY_ID`, profiles, roles.
 */
export class S3Reader {
  readonly traits: { readonly location: string };
  readonly #place: S3Place;
  readonly #client: S3Client;

  private constructor(place: S3Place, client: S3Client) {
    this.#place = place;
    this.#client = client;
    this.traits = { location: place.location };
  }

  /** Makes the client; nothing is asked for yet. The caller closes it. */
  static async open(place: S3Place, options: S3ReaderOptions): Promise<S3Reader> {
    const settings = toSettings(options);
    const client = new S3Client(settings);
    if (await hasRegion(client)) return new S3Reader(place, client);
    client.destroy();
    return new S3Reader(place, new S3Client({ ...settings, region: DEFAULT_REGION }));
  }

  /**
   * Reads an object from start to end. What fails before the first byte comes is tried three times.
   *
   * @throws {NotFoundError} there is no such object.
   * @throws {StorageUnavailableError} the bucket, the account or the server does not give it.
   */
  async *read(key: StorageKey, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    const { bucket, prefix, location } = this.#place;
    const command = new GetObjectCommand({ Bucket: bucket, Key: `${prefix}${key}` });
    try {
      const { Body } = await this.#client.send(command, signal === undefined ? {} : { abortSignal: signal });
      if (Body !== undefined) yield* Body as AsyncIterable<Uint8Array>;
    } catch (error) {
      signal?.throwIfAborted();
      throw toS3Error(`${location}/${key}`, error);
    }
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }
}

function toSettings({ timeoutMs }: S3ReaderOptions): S3ClientConfig {
  return {
    requestHandler: { connectionTimeout: timeoutMs, socketTimeout: timeoutMs },
    // Few other servers answer to a host name for each bucket, and Amazon's take both.
    forcePathStyle: true,
    followRegionRedirects: true,
    // Ceph does not know the checksums that the SDK asks for by itself; our own digest decides.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  };
}

async function hasRegion({ config }: S3Client): Promise<boolean> {
  try {
    await config.region();
    return true;
  } catch {
    return false; // That there is none is all that its error says.
  }
}
