import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { requestTimestamp } from "../../../src/timestamp/request-timestamp.ts";
import { parseTrustedCertificates, type TrustedCertificates } from "../../../src/timestamp/trusted-certificates.ts";
import {
  issueTinyTsa,
  makeTinyPki,
  NO_OPENSSL,
  openTinyTsa,
  type TinyPki,
  type TinyTsaOptions,
  verifyWithOpenssl,
} from "../../helpers/tiny-tsa.ts";

const DATA = Buffer.from("holdfast/ledger/archive\n1234\n");

describe.skipIf(NO_OPENSSL !== "")(`a time stamping authority${NO_OPENSSL}`, () => {
  let pki: TinyPki;
  let trusted: TrustedCertificates;

  beforeAll(async () => {
    pki = await makeTinyPki(await mkdtemp(join(tmpdir(), "holdfast-test-")));
    trusted = parseTrustedCertificates(await issueTinyTsa(pki), "root.pem");
  });
  afterAll(() => rm(pki.folder, { recursive: true, force: true }));

  const ask = async (options: TinyTsaOptions = {}, more: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    requestTimestamp(await openTinyTsa(pki, options), DATA, {
      timeoutMs: 20_000,
      clock: systemClock,
      trusted,
      ...more,
    });

  test("gives a time stamp that openssl accepts, as the answer and as the token in it", async () => {
    const before = systemClock.now();
    const { response, token, timeMs, ...said } = await ask();
    expect(timeMs).toBeGreaterThanOrEqual(before);
    expect(timeMs).toBeLessThanOrEqual(systemClock.now());
    expect(said).toEqual({
      serial: expect.any(String),
      policy: "1.2.3.4.1",
      tsa: "CN=tsa",
      chain: "verified",
      remarks: [],
    });
    await Promise.all([
      writeFile(join(pki.folder, "kept.tsr"), response),
      writeFile(join(pki.folder, "kept.token"), token),
      writeFile(join(pki.folder, "data"), DATA),
      writeFile(join(pki.folder, "other"), "other data"),
    ]);
    const grounds = ["-CAfile", "root.pem", "-data"];
    expect(await verifyWithOpenssl(pki.folder, ["-in", "kept.tsr", ...grounds, "data"])).toBe("Verification: OK");
    expect(await verifyWithOpenssl(pki.folder, ["-token_in", "-in", "kept.token", ...grounds, "data"])).toBe(
      "Verification: OK",
    );
    await expect(verifyWithOpenssl(pki.folder, ["-in", "kept.tsr", ...grounds, "other"])).rejects.toThrow(
      "imprint mismatch",
    );
  });

  const reply = (body: Uint8Array, type = "application/timestamp-reply") => ({
    send: (response: ServerResponse) => response.setHeader("content-type", type).end(body),
  });
  const status = (code: number, headers = {}) => ({
    send: (response: ServerResponse) => response.writeHead(code, headers).end(),
  });
  const invalid = (message: string) => ({
    code: "TIMESTAMP_INVALID",
    retryable: false,
    message: expect.stringContaining(message),
  });
  const failed = (retryable: boolean, message: string) => ({
    code: "TIMESTAMP_FAILED",
    retryable,
    message: expect.stringContaining(message),
  });

  test.each<[string, TinyTsaOptions, object]>([
    ["another nonce", { alterQuery: (query) => flip(query, query.length - 4) }, invalid("answers another request")],
    [
      "other data",
      { alterQuery: (query) => flip(query, query.indexOf("0420", 0, "hex") + 2) },
      invalid("over other data"),
    ],
    ["no certificate", { alterQuery: dropCertReq }, invalid("signer is not in it")],
    ["a rejection", { alterQuery: () => Buffer.from("no query") }, failed(false, "not granted: it could not read")],
    [
      "a clock that is not there",
      reply(Buffer.from("300a30080201020303010002", "hex")),
      failed(true, "its clock is not available"),
    ],
    ["waiting", reply(Buffer.from("30053003020103", "hex")), failed(true, "not granted")],
    ["granted without a token", reply(Buffer.from("30053003020100", "hex")), failed(false, "not granted")],
    ["garbage", reply(Buffer.from("no reply")), invalid("no ASN.1")],
    ["nothing", reply(Buffer.alloc(0)), invalid("no ASN.1")],
    ["a page", reply(Buffer.from("<html>"), "text/html"), invalid("not of the type application/timestamp-reply")],
    ["too much", reply(Buffer.alloc(70_000)), invalid("longer than 65536 bytes")],
    ["500", status(500), failed(true, "status 500")],
    ["404", status(404), failed(false, "status 404")],
    ["a connection that is cut", { send: (response) => response.destroy() }, failed(true, "connection failed")],
    ["an answer that is cut", { send: cutAnswer }, failed(true, "no time stamp from")],
  ])("that gives %s is refused", async (_, options, expected) => {
    await expect(ask(options)).rejects.toMatchObject(expected);
  });

  test("that is silent is given up on", async () => {
    await expect(ask({ send: () => undefined }, { timeoutMs: 300 })).rejects.toMatchObject(failed(true, "in time"));
  });

  test("that sends on is not followed", async () => {
    const asked: Buffer[] = [];
    const alterQuery = (query: Buffer) => asked[asked.push(query) - 1] ?? query;
    const location = await openTinyTsa(pki, { alterQuery });
    await expect(ask(status(307, { location }))).rejects.toMatchObject(failed(false, "status 307"));
    expect(asked).toEqual([]);
  });

  test("that is not there or has no address is named by its host alone", async () => {
    const options = { timeoutMs: 5_000, clock: systemClock };
    const gone = requestTimestamp("http://127.0.0.1:1/?token=secret", DATA, options);
    await expect(gone).rejects.toMatchObject(failed(true, "127.0.0.1:1: the connection failed (ECONNREFUSED)"));
    await expect(gone).rejects.not.toThrow("secret");
    await expect(requestTimestamp("file:///etc/secret", DATA, options)).rejects.toMatchObject(failed(false, "http://"));
    await expect(requestTimestamp("secret", DATA, options)).rejects.not.toThrow("secret");
  });

  test("that is no longer waited for is left with the caller's reason", async () => {
    const stop = new AbortController();
    const reason = new Error("stopped");
    const send = () => stop.abort(reason);
    await expect(ask({ send }, { signal: stop.signal })).rejects.toBe(reason);
  });

  test("whose certificate has expired, or that nobody vouches for, is refused", async () => {
    const folder = await mkdtemp(join(pki.folder, "other-"));
    const other = await makeTinyPki(folder);
    await issueTinyTsa(other, { notBefore: "20200101000000Z", notAfter: "20210101000000Z" });
    const url = await openTinyTsa(other);
    const asking = (roots?: TrustedCertificates) =>
      requestTimestamp(url, DATA, { timeoutMs: 20_000, clock: systemClock, trusted: roots });
    await expect(asking()).rejects.toMatchObject(invalid("CN=tsa was not valid at the time of the stamp"));
    await issueTinyTsa(other);
    expect(await asking()).toMatchObject({ chain: "not-checked" });
    await expect(asking(trusted)).rejects.toMatchObject(invalid("leads to none of the trusted certificates"));
  });
});

function flip(bytes: Buffer, index: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[index] = (changed[index] ?? 0) ^ 1;
  return changed;
}

/** The field is the last one: BOOLEAN, length 1, true. */
function dropCertReq(query: Buffer): Buffer {
  const cut = Buffer.from(query.subarray(0, -3));
  cut[1] = cut.length - 2;
  return cut;
}

function cutAnswer(response: ServerResponse, reply: Buffer): void {
  response.writeHead(200, { "content-type": "application/timestamp-reply", "content-length": reply.length });
  response.write(reply.subarray(0, 100), () => response.destroy());
}
