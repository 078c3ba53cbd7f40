import { execFile, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";

const run = promisify(execFile);

/** Why tests with a time stamping authority are skipped; empty when they are not. */
export const NO_OPENSSL = spawnSync("openssl", ["version"]).status === 0 ? "" : " (skipped: there is no openssl)";

/** Keys and certificates made by openssl, and the files that hold them: `NAME.pem`, `NAME.key`. */
export interface TinyPki {
  readonly folder: string;
  /** Makes a key and a certificate for it and returns the certificate as PEM. */
  issue(wanted: CertificateWish): Promise<string>;
}

/** What a certificate is to be like. */
export interface CertificateWish {
  readonly name: string;
  /** @default itself */
  readonly issuer?: string;
  /** Lines of openssl's configuration, as `basicConstraints=critical,CA:TRUE`. */
  readonly extensions: readonly string[];
  /** As openssl's `-startdate` and `-enddate` want it. @default ten years around now */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Arguments of `openssl genpkey`. @default P-256 */
  readonly key?: readonly string[];
}

export const AUTHORITY = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign"];
export const TIME_STAMPING = ["extendedKeyUsage=critical,timeStamping", "keyUsage=critical,digitalSignature"];
export const RSA_KEY = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
export const EC_KEY = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];

const CONFIG = `
[req]
distinguished_name = dn
prompt = no
[dn]
[ca]
default_ca = tiny
[tiny]
database = index.txt
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[tsa]
default_tsa = tiny_tsa
[tiny_tsa]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
clock_precision_digits = 3
tsa_name = yes
`;

/**
 * Begins a collection of keys and certificates in an empty folder.
 *
 * @param options.certificateDigest - By which a time stamp names its certificate. SHA-1 makes the older attribute.
 */
export async function makeTinyPki(
  folder: string,
  { certificateDigest = "sha256" }: { readonly certificateDigest?: "sha1" | "sha256" } = {},
): Promise<TinyPki> {
  await writeFile(join(folder, "openssl.cnf"), `${CONFIG}ess_cert_id_alg = ${certificateDigest}\n`);
  await writeFile(join(folder, "index.txt"), "");
  await writeFile(join(folder, "serial"), "0A\n");
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  return {
    folder,
    async issue({ name, issuer = name, extensions, notBefore, notAfter, key = EC_KEY }) {
      await openssl("genpkey", ...key, "-out", `${name}.key`);
      await writeFile(join(folder, `${name}.ext`), `${extensions.join("\n")}\n`);
      const subject = ["-subj", `/CN=${name}`, "-config", "openssl.cnf"];
      await openssl("req", "-new", "-key", `${name}.key`, ...subject, "-out", `${name}.csr`);
      const signer = issuer === name ? ["-selfsign"] : ["-cert", `${issuer}.pem`];
      const dates = ["-startdate", notBefore ?? "20240101000000Z", "-enddate", notAfter ?? "20440101000000Z"];
      const files = ["-in", `${name}.csr`, "-out", `${name}.pem`, "-extfile", `${name}.ext`, "-notext"];
      const where = ["-config", "openssl.cnf", "-keyfile", `${issuer}.key`, "-batch"];
      await openssl("ca", ...where, ...signer, ...dates, ...files);
      return readFile(join(folder, `${name}.pem`), "utf8");
    },
  };
}

/** Makes a root named `root` and a time stamping authority named `tsa` below it; returns the root as PEM. */
export async function issueTinyTsa(pki: TinyPki, tsa: Partial<CertificateWish> = {}): Promise<string> {
  const root = await pki.issue({ name: "root", extensions: AUTHORITY });
  await pki.issue({ name: "tsa", issuer: "root", extensions: TIME_STAMPING, ...tsa });
  return root;
}

/** Has `openssl ts` answer a query with the key `tsa`; `chain` is a file of certificates to send along. */
export async function replyToQuery({ folder }: TinyPki, query: Uint8Array, chain?: string): Promise<Buffer> {
  await writeFile(join(folder, "query.tsq"), query);
  const files = ["-queryfile", "query.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key", "-out", "reply.tsr"];
  const along = chain === undefined ? [] : ["-chain", chain];
  await run("openssl", ["ts", "-reply", "-config", "openssl.cnf", ...files, ...along], { cwd: folder });
  return readFile(join(folder, "reply.tsr"));
}

/** What a message is signed with. */
export interface MessageSigner {
  readonly signer: string;
  /** Further arguments of `openssl cms`. @default none */
  readonly args?: readonly string[];
  /** What the content is said to be. @default a time stamp */
  readonly type?: string;
}

const TST_INFO = "1.2.840.113549.1.9.16.1.4";

/** Has `openssl cms` sign a message as a time stamp is signed, with what `openssl ts` does not offer. */
export async function signMessage(
  { folder }: TinyPki,
  content: Uint8Array,
  { signer, args = [], type = TST_INFO }: MessageSigner,
): Promise<Buffer> {
  await writeFile(join(folder, "message"), content);
  const files = ["-in", "message", "-out", "message.p7", "-signer", `${signer}.pem`, "-inkey", `${signer}.key`];
  const form = ["-binary", "-nodetach", "-outform", "DER", "-econtent_type", type];
  await run("openssl", ["cms", "-sign", ...files, ...form, ...args], { cwd: folder });
  return readFile(join(folder, "message.p7"));
}

/** How a {@link openTinyTsa} misbehaves. */
export interface TinyTsaOptions {
  /** What is answered in place of the query that came. */
  readonly alterQuery?: (query: Buffer) => Buffer;
  /** Sends the reply in a way of its own. */
  readonly send?: (response: ServerResponse, reply: Buffer) => void;
}

/** Starts a time stamping authority that stops when the test ends and returns its address. */
export async function openTinyTsa(
  pki: TinyPki,
  { alterQuery, send = sendReply }: TinyTsaOptions = {},
): Promise<string> {
  const server = createServer(async (request, response) => {
    const query = Buffer.concat(await request.toArray());
    const isQuery = request.method === "POST" && request.headers["content-type"] === "application/timestamp-query";
    if (!isQuery) response.writeHead(415).end();
    else send(response, await replyToQuery(pki, alterQuery?.(query) ?? query));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa`;
}

function sendReply(response: ServerResponse, reply: Buffer): void {
  response.setHeader("content-type", "application/timestamp-reply").end(reply);
}

/** Has `openssl ts -verify` look at files in a folder and returns what it prints; it rejects what openssl refuses. */
export async function verifyWithOpenssl(folder: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run("openssl", ["ts", "-verify", ...args], { cwd: folder });
  return stdout.trim();
}
