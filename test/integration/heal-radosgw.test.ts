import { rm } from "node:fs/promises";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { healFile } from "../../src/fixity/heal/heal-file.ts";
import { KeyedHealSource } from "../../src/fixity/heal/keyed-heal-source.ts";
import { tryParseS3Place } from "../../src/storage/s3/s3-place.ts";
import { S3Reader } from "../../src/storage/s3/s3-reader.ts";
import { BY, flipBit, type HealRig, makeHealRig } from "../helpers/heal-rig.ts";
import { hasRadosgw, openRadosgw, type Radosgw } from "../helpers/open-radosgw.ts";
import { useS3Endpoint } from "../helpers/tiny-s3.ts";

const reason = hasRadosgw() ? "" : " (skipped: radosgw, ceph-mon, ceph-osd and ceph-common are not all installed)";

describe.skipIf(reason !== "")(`from Ceph's S3 server${reason}`, () => {
  let server: Radosgw;
  let client: S3Client;

  beforeAll(async () => {
    server = await openRadosgw();
    client = new S3Client({
      endpoint: server.endpoint,
      credentials: server.keys,
      region: "us-east-1",
      forcePathStyle: true,
      requestChecksumCalculation: "WHEN_REQUIRED",
    });
    await client.send(new CreateBucketCommand({ Bucket: "vault" }));
  });
  afterAll(async () => {
    client?.destroy();
    await server?.stop();
  });

  const put = (key: string, bytes: Buffer) =>
    client.send(new PutObjectCommand({ Bucket: "vault", Key: key, Body: bytes }));
  const heal = async (rig: HealRig, location: string) => {
    const place = tryParseS3Place(location);
    if (place === undefined) throw new Error("no place");
    const file = await rig.file("original");
    const source = new KeyedHealSource(await S3Reader.open(place, { timeoutMs: 10_000 }));
    try {
      return await healFile(rig.archive, { file, findings: [] }, { ...BY, source });
    } finally {
      await source.close();
    }
  };

  test("a copy that fits comes back", async () => {
    const rig = await makeHealRig();
    const file = await rig.file("original");
    const good = await rig.read(file.key);
    await put(`copies/a b/${file.key}`, good);
    await rm(rig.pathOf(file));
    useS3Endpoint(server.endpoint, server.keys);
    expect(await heal(rig, "s3://vault/copies/a b/")).toMatchObject({ status: "healed" });
    expect(await rig.read(file.key)).toEqual(good);
  });

  test("what does not fit, is not there or is not given is told of", async () => {
    const rig = await makeHealRig();
    const file = await rig.file("original");
    await put(`flipped/${file.key}`, flipBit(await rig.read(file.key)));
    await rm(rig.pathOf(file));
    useS3Endpoint(server.endpoint, server.keys);
    const whyOf = async (location: string) => {
      const outcome = await heal(rig, location);
      return outcome.status === "no-copy" ? outcome.tried.map(({ why }) => why).join() : outcome.status;
    };
    expect(await whyOf("s3://vault/flipped")).toContain("its sha256 is");
    expect(await whyOf("s3://vault/nothing")).toBe(`not found: s3://vault/nothing/${file.key}`);
    expect(await whyOf("s3://no-such-vault")).toBe(`NoSuchBucket for s3://no-such-vault/${file.key}`);
    useS3Endpoint(server.endpoint, { ...server.keys, secretAccessKey: "wrong" });
    expect(await whyOf("s3://vault")).toBe(`SignatureDoesNotMatch for s3://vault/${file.key}`);
  });
});
